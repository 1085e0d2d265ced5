// A mail server that accepts everything and keeps nothing, in a process of its own: run by fork, it tells its port,
// and answers any message with how many mails and bytes it has taken so far.
import { createServer, type Socket } from 'node:net';

export interface Taken {
  mails: number;
  bytes: number;
}

const END_OF_DATA = '\r\n.\r\n';
const taken: Taken = { mails: 0, bytes: 0 };

function converse(socket: Socket): void {
  let buffered = '';
  let receiving = false;
  socket.setEncoding('latin1').setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    buffered += chunk;
    for (;;) {
      const end = receiving ? END_OF_DATA : '\r\n';
      const at = buffered.indexOf(end);
      if (at < 0) return;
      const line = buffered.slice(0, at);
      buffered = buffered.slice(at + end.length);
      if (receiving) {
        taken.mails += 1;
        taken.bytes += line.length;
        receiving = false;
        socket.write('250 2.0.0 taken\r\n');
      } else if (line === 'DATA') {
        receiving = true;
        socket.write('354 go ahead\r\n');
      } else if (line === 'QUIT') {
        socket.end('221 bye\r\n');
      } else {
        socket.write('250 ok\r\n');
      }
    }
  });
  socket.write('220 sink ESMTP\r\n');
}

const server = createServer(converse);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('message', () => process.send?.(taken));
process.on('disconnect', () => process.exit());
