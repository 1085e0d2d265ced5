// A caller of the web over HTTP that keeps its cookies, as a browser without JavaScript does.

export interface Client {
  get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  /** Sends a form; a list of pairs may repeat a name. Redirects are not followed. */
  post: (
    path: string,
    form: Record<string, string> | [string, string][],
    headers?: Record<string, string>,
  ) => Promise<Response>;
  send: (path: string, init: RequestInit) => Promise<Response>;
  /** The text of a page, redirects followed. */
  page: (path: string) => Promise<string>;
  /** The Cookie header as it stands; empty when there is none. */
  cookie: () => string;
  /** Its cookies by name, for one more client. */
  cookies: () => Record<string, string>;
}

/** Opens a client for the web at `url`. */
export function openClient(url: string, cookies: Record<string, string> = {}): Client {
  const jar = new Map(Object.entries(cookies));
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

  const send = async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('Cookie', cookie());
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const get = (path: string, headers: Record<string, string> = {}) => send(path, { headers });

  return {
    get,
    send,
    cookie,
    cookies: () => Object.fromEntries(jar),
    post: (path, form, headers = {}) =>
      send(path, { method: 'POST', body: new URLSearchParams(form), headers: { Origin: url, ...headers } }),
    async page(path) {
      let response = await get(path);
      for (let hops = 0; hops < 5 && response.headers.has('location'); hops += 1) {
        response = await get(response.headers.get('location')!);
      }
      return response.text();
    },
  };
}
