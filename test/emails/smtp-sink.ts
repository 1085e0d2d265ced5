// A scripted SMTP server on loopback: it answers each step with the line a test wants, drops or keeps silent.
import { createServer, type Socket } from 'node:net';

type Step = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot';

/** A reply line, or `drop` to break the connection, or `silence`. May depend on the recipient. */
type Answer = string | ((recipient: string) => string);

export type Script = Partial<Record<Step, Answer>>;

export interface SmtpSink {
  url: string;
  /** Messages whose final dot arrived, as received. */
  messages: string[];
  connections: number;
  close(): Promise<void>;
}

const POLITE: Record<Step, string> = {
  greeting: '220 sink ESMTP',
  EHLO: '250 sink',
  AUTH: '235 2.7.0 ok',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go ahead',
  dot: '250 2.0.0 queued as 1',
};

/** Starts a sink on a free port; close it in the same test. */
export async function startSmtpSink(script: Script = {}): Promise<SmtpSink> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sink.connections += 1;
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy()));
    converse(socket, script, sink.messages);
  });
  const sink: SmtpSink = {
    url: '',
    messages: [],
    connections: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sink has no port');
  sink.url = `smtp://127.0.0.1:${address.port}`;
  return sink;
}

function converse(socket: Socket, script: Script, messages: string[]): void {
  let recipient = '';
  let buffered = '';
  let receiving = false;
  let refused = false;

  function answer(step: Step): void {
    const scripted = script[step] ?? POLITE[step];
    const line = typeof scripted === 'function' ? scripted(recipient) : scripted;
    if (line === 'drop') socket.destroy();
    else if (line !== 'silence') socket.write(`${line}\r\n`);
    if (step === 'MAIL' || step === 'RCPT') refused ||= !line.startsWith('2');
    if (step === 'DATA') receiving = line.startsWith('354');
  }

  function command(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'RCPT') recipient = /<(.*)>/.exec(line)?.[1] ?? '';
    if (verb === 'QUIT') socket.end('221 bye\r\n');
    else if (verb === 'RSET') {
      refused = false;
      socket.write('250 ok\r\n');
    } else if (verb === 'DATA' && refused) socket.write('503 5.5.1 no valid recipient\r\n');
    else if (verb === 'EHLO' || verb === 'AUTH' || verb === 'MAIL' || verb === 'RCPT' || verb === 'DATA')
      answer(verb);
    else socket.write('502 unknown\r\n');
  }

  socket.setEncoding('utf8').on('data', (chunk: string) => {
    buffered += chunk;
    for (;;) {
      const ending = receiving ? '\r\n.\r\n' : '\r\n';
      const end = buffered.indexOf(ending);
      if (end < 0) return;
      const piece = buffered.slice(0, end);
      buffered = buffered.slice(end + ending.length);
      if (receiving) {
        receiving = false;
        messages.push(piece);
        answer('dot');
      } else command(piece);
    }
  });
  answer('greeting');
}
