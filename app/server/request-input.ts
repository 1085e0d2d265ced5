// Reading what a request brings: ids, folios and the fields of a form, before anything is done with them.

/** The answer for what does not exist and, word for word, for what somebody may not see. */
export function notFound(): Response {
  return new Response('No encontramos esa página.', { status: 404 });
}

/** The id in an address. Throws 404 for anything that is not a plain positive number. */
export function readId(text: string | undefined): number {
  if (text === undefined || !/^[1-9]\d{0,14}$/.test(text)) throw notFound();
  return Number(text);
}

/**
 * The text fields of a posted form; one that was not sent is empty. Throws 400 when the body is no form, or when
 * a field comes twice or as a file: no form of ours sends that.
 */
export async function readFields<Name extends string>(
  request: Request,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  return fieldsOf(await readForm(request), names);
}

/** The same, with the ids that a list of check boxes named `list` chose. */
export async function readFieldsAndIds<Name extends string>(
  request: Request,
  names: readonly Name[],
  list: string,
): Promise<{ typed: Record<Name, string>; ids: Set<number> }> {
  const form = await readForm(request);
  const ids = form.getAll(list).map((id) => readId(typeof id === 'string' ? id : undefined));
  return { typed: fieldsOf(form, names), ids: new Set(ids) };
}

/** The same, with the bytes of one file; none when no file was chosen. */
export async function readFieldsAndFile<Name extends string>(
  request: Request,
  names: readonly Name[],
  file: string,
): Promise<{ typed: Record<Name, string>; file: Uint8Array }> {
  const form = await readForm(request);
  const sent = form.get(file);
  const bytes = sent instanceof Blob ? new Uint8Array(await sent.arrayBuffer()) : new Uint8Array();
  return { typed: fieldsOf(form, names), file: bytes };
}

/** A posted form. Throws 400 when the body is none. */
export function readForm(request: Request): Promise<FormData> {
  return request.formData().catch(() => {
    throw new Response('El formulario llegó incompleto.', { status: 400 });
  });
}

/** Text fields of a form, as `readFields` reads them. */
export function fieldsOf<Name extends string>(form: FormData, names: readonly Name[]): Record<Name, string> {
  const fields = names.map((name) => {
    const [value = '', ...more] = form.getAll(name);
    if (typeof value !== 'string' || more.length > 0) {
      throw new Response(`Campo repetido: ${name}`, { status: 400 });
    }
    return [name, value] as const;
  });
  return Object.fromEntries(fields) as Record<Name, string>;
}

/** The values of a field that may come many times, as check boxes do; files are left out. */
export function valuesOf(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value) => typeof value === 'string');
}
