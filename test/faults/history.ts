// A mail server that takes its time and writes down all it was given: the history against which the ledger is judged.
import { createHash } from 'node:crypto';
import { listenForMail, type MailListener } from '../support/mail-listener.ts';

export interface Arrival {
  message_id: string;
  to: string;
  /** Instant at which the last byte was here, on this machine's clock. */
  at: number;
  /** SHA-256 of the bytes. */
  bytes: string;
  /** Ids of the deadlines it names. */
  deadlines: number[];
}

export interface History extends MailListener {
  arrivals: Arrival[];
}

/** Starts it; it waits `patience()` milliseconds between having a mail and saying so. */
export async function startHistory(patience: () => number): Promise<History> {
  const arrivals: Arrival[] = [];
  const listener = await listenForMail((raw, to) => {
    arrivals.push(arrivalOf(raw, to));
    return patience();
  });
  return { ...listener, arrivals };
}

function arrivalOf(raw: string, to: string): Arrival {
  const header = (name: string) =>
    new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(raw)?.[1]?.replace(/\s+/g, ' ') ?? '';
  return {
    message_id: header('Message-ID'),
    to,
    at: Date.now(),
    bytes: createHash('sha256').update(raw).digest('hex'),
    deadlines: header('X-Convenio-Ocurrencia').split(', ').filter(Boolean).map(Number),
  };
}
