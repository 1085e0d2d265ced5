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
  const form = await request.formData().catch(() => {
    throw new Response('El formulario llegó incompleto.', { status: 400 });
  });
  const fields = names.map((name) => {
    const [value = '', ...more] = form.getAll(name);
    if (typeof value !== 'string' || more.length > 0) {
      throw new Response(`Campo repetido: ${name}`, { status: 400 });
    }
    return [name, value] as const;
  });
  return Object.fromEntries(fields) as Record<Name, string>;
}
