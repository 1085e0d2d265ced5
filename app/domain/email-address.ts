// The e-mail address: one address, read strictly, so that a login code never goes to a mailbox nobody meant.
import type { Parsed } from './plain-date.ts';

/** Lengths of RFC 5321, 4.5.3.1: the local part, and the whole path without its angle brackets. */
const LONGEST_LOCAL = 64;
const LONGEST = 254;

/** Dot-atom of RFC 5322, 3.4.1, without `%`, which old relays read as a second address. */
const LOCAL = /^[a-z0-9!#$&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^[\p{L}\p{N}\p{M}-]+(\.[\p{L}\p{N}\p{M}-]+)+$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const refuse = (message: string): { ok: false; message: string } => ({ ok: false, message });

/**
 * Reads one address: compatibility forms are folded first (NFKC, so that a fullwidth @ is an @), then letters are
 * lowered and the domain is written in ASCII (punycode). Lists, groups, quotes and comments are refused.
 */
export function parseEmailAddress(typed: string): Parsed<string> {
  const text = typed.normalize('NFKC').trim();
  if (text === '') return refuse('Escribe tu correo');
  if (text.length > 4 * LONGEST) return refuse('Dirección demasiado larga');
  if (/\p{Cc}/u.test(text)) return refuse('La dirección contiene caracteres no permitidos');
  if (/[,;:<>()]/.test(text)) return refuse('Escribe una sola dirección');
  if (text.includes('"')) return refuse('No se admiten comillas en la dirección');
  const [local = '', domain, ...others] = text.split('@');
  if (others.length > 0) return refuse('La dirección tiene más de una @');
  if (domain === undefined) return refuse('Dirección no válida: falta la @');
  if (/[\s%\\]/.test(text)) return refuse('La dirección contiene caracteres no permitidos');
  if (/[^\p{ASCII}]/u.test(local)) return refuse('El servidor de correo no admite acentos antes de la @');
  if (!LOCAL.test(local) || !DOMAIN.test(domain)) return refuse('Dirección no válida');
  const host = asciiDomain(domain);
  if (host === undefined) return refuse('Dirección no válida');
  const address = `${local.toLowerCase()}@${host}`;
  if (local.length > LONGEST_LOCAL || address.length > LONGEST) return refuse('Dirección demasiado larga');
  return { ok: true, value: address };
}

/** The domain in ASCII, or undefined when it is none: a literal address, a number, a label with a stray hyphen. */
function asciiDomain(domain: string): string | undefined {
  if (!URL.canParse(`http://${domain}`)) return undefined;
  const host = new URL(`http://${domain}`).hostname;
  const labels = host.split('.');
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1)!) ? host : undefined;
}
