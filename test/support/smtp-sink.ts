// A real SMTP server that keeps what it receives: the history against which the ledger is checked.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface ReceivedMail {
  to: string;
  raw: string;
  message_id: string;
  subject: string;
}

export interface SinkOptions {
  /** The SMTP refusal for a recipient, if any. */
  refuse?: (recipient: string) => { code: number; text: string } | undefined;
  /** Asks for a log-in and accepts none. */
  refuseLogin?: boolean;
  /** What it waits for before it answers the end of a mail. */
  answersAfter?: Promise<void>;
}

/** Starts a sink on a free loopback port; it stops with the test. */
export async function smtpSink({ refuse, refuseLogin = false, answersAfter }: SinkOptions = {}): Promise<{
  url: string;
  received: ReceivedMail[];
}> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: !refuseLogin,
    allowInsecureAuth: true,
    disabledCommands: refuseLogin ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    onAuth(_auth, _session, callback) {
      callback(Object.assign(new Error('5.7.8 Authentication failed'), { responseCode: 535 }));
    },
    disableReverseLookup: true,
    onRcptTo(address, _session, callback) {
      const refusal = refuse?.(address.address);
      callback(refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : undefined);
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim() ?? '';
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address).join(','),
          raw,
          message_id: header('Message-ID'),
          subject: header('Subject'),
        });
        void (answersAfter ?? Promise.resolve()).then(() => callback());
      });
    },
  });
  // A sender that dies in the middle of a mail resets its connection.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `smtp://${refuseLogin ? 'avisos:secreto@' : ''}127.0.0.1:${port}`, received };
}
