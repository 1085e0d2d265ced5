// A mail server that takes everything: the SMTP conversation that the faults and the bench hold with the program.
import { createServer, type Socket } from 'node:net';

type Take = (raw: string, to: string) => number | 'hang up';

export interface MailListener {
  port: number;
  close(): void;
}

const END_OF_DATA = '\r\n.\r\n';

/**
 * Listens on a free port of this machine. `take` gets each mail, as it travelled and in Latin-1, with its last
 * recipient, and says how many milliseconds the sender waits to hear that it was taken, or that it never hears it.
 */
export async function listenForMail(take: Take): Promise<MailListener> {
  const server = createServer((socket) => converse(socket, take));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address !== 'string' ? address.port : 0,
    close: () => void server.close(),
  };
}

function converse(socket: Socket, take: Take): void {
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
        const patience = take(text, to);
        if (patience === 'hang up') return void socket.destroy();
        if (patience > 0) setTimeout(() => say('250 2.0.0 taken'), patience);
        else say('250 2.0.0 taken');
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
  say('220 listener ESMTP');
}
