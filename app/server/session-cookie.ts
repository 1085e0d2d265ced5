// The cookies that carry a session's token, and that of a log-in that still wants its second code.

const NAMES = { session: 'convenio', half_login: 'convenio-paso' } as const;
type Kind = keyof typeof NAMES;

// The __Host- prefix binds a cookie to this very host over HTTPS; plain HTTP on loopback cannot carry it.
const cookieName = (appUrl: string, kind: Kind) =>
  (appUrl.startsWith('https:') ? '__Host-' : '') + NAMES[kind];

/** The token of a request, or undefined; a malformed or doubled cookie counts as none. */
export function readSessionToken(
  request: Request,
  appUrl: string,
  kind: Kind = 'session',
): string | undefined {
  const prefix = `${cookieName(appUrl, kind)}=`;
  const tokens = (request.headers.get('Cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
  // Two cookies of one name: somebody planted the second.
  return tokens.length === 1 && /^[\w-]{43}$/.test(tokens[0]!) ? tokens[0] : undefined;
}

/** The Set-Cookie header that stores a token, or that removes it when there is none. */
export function sessionCookieHeader(
  appUrl: string,
  token: string | undefined,
  kind: Kind = 'session',
): string {
  const secure = appUrl.startsWith('https:') ? '; Secure' : '';
  const life = token === undefined ? '; Max-Age=0' : '';
  return `${cookieName(appUrl, kind)}=${token ?? ''}; Path=/; HttpOnly; SameSite=Lax${secure}${life}`;
}
