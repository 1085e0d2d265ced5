// A mail server that takes its time and writes down all it was given: the history against which the ledger is judged.
import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';

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

export interface History {
  port: number;
  arrivals: Arrival[];
  close(): void;
}

const END_OF_DATA = '\r\n.\r\n';

/** Starts it; it waits `patience()` milliseconds between having a mail and saying so. */
export async function startHistory(patience: () => number): Promise<History> {
  const arrivals: Arrival[] = [];
  const server = createServer((socket) => converse(socket, arrivals, patience));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address !== 'string' ? address.port : 0,
    arrivals,
    close: () => void server.close(),
  };
}

function converse(socket: Socket, arrivals: Arrival[], patience: () => number): void {
  let buffered = '';
  let receiving = false;
  let to = '';
  const say = (line: string) => socket.writable && socket.write(`${line}\r\n`);
  socket.setEncoding('latin1').setNoDelay(true);
  // A sender that dies in the middle resets its connection.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    buffered += chunk;
    for (;;) {
      const end = receiving ? END_OF_DATA : '\r\n';
      const at = buffered.indexOf(end);
      if (at < 0) return;
      const text = buffered.slice(0, at);
      buffered = buffered.slice(at + end.length);
      if (receiving) {
        receiving = false;
        arrivals.push(arrivalOf(text, to));
        setTimeout(() => say('250 2.0.0 taken'), patience());
      } else if (text === 'DATA') {
        receiving = true;
        say('354 go ahead');
      } else if (text === 'QUIT') {
        socket.end('221 bye\r\n');
      } else {
        to = /^RCPT TO:<(.*)>/i.exec(text)?.[1] ?? to;
        say('250 ok');
      }
    }
  });
  say('220 history ESMTP');
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
