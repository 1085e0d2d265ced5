// Mails that come back: what a delivery status notification (RFC 3464) says about one of ours.

export interface Bounce {
  /** Folio of the mail it answers, `A-2024-000123`, from the address it came back to; null when there is none. */
  folio: string | null;
  /** Address the notification is about, lower case; null when it does not say. */
  recipient: string | null;
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded' | null;
  /** Enhanced status code (RFC 3463), `5.1.1`. */
  status: string | null;
  /** The words of the server that refused it, on one line of at most 500 characters. */
  diagnostic: string;
}

/** Characters that are looked at: the status stands near the beginning, before the returned message. */
const LONGEST = 500_000;
const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;
const VERP = /\bb\+a-(\d{4})-(\d{6,12})@/i;

/**
 * Reads a raw message (header lines, MIME or not). Never throws: what is no delivery status has neither action nor
 * status. The returned address (`b+a-2024-000123@…`) is looked for in the envelope's traces first, so that a text
 * quoting another mail does not decide.
 */
export function parseBounce(raw: string): Bounce {
  const lines = raw
    .slice(0, LONGEST)
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split('\n');
  const end = lines.indexOf('');
  const header = end < 0 ? lines : lines.slice(0, end);
  const traces = header.filter((line) => /^(delivered-to|x-original-to|envelope-to|to):/i.test(line));
  const field = (name: string) => {
    const line = lines.find((candidate) => candidate.toLowerCase().startsWith(`${name}:`));
    return line?.slice(name.length + 1).trim() ?? null;
  };
  const action = field('action')?.toLowerCase();
  return {
    folio: folioIn(traces),
    recipient: addressOf(field('original-recipient') ?? field('final-recipient')),
    action: ACTIONS.find((known) => known === action) ?? null,
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(field('status') ?? '')?.[0] ?? null,
    diagnostic: (field('diagnostic-code') ?? '')
      .replace(/^[\w-]+\s*;\s*/, '')
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, 500),
  };
}

function folioIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const found = VERP.exec(line);
    if (found) return `A-${found[1]}-${found[2]}`;
  }
  return null;
}

/** `rfc822; Ana@X.mx` is written `ana@x.mx`. */
function addressOf(field: string | null): string | null {
  const address = /^(?:rfc822|utf-8)\s*;\s*<?([^\s<>;]+@[^\s<>;]+?)>?$/i.exec(field ?? '')?.[1];
  return address?.toLowerCase() ?? null;
}
