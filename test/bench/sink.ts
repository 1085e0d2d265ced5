// A mail server that accepts everything and keeps nothing, in a process of its own: run by fork, it tells its port,
// and answers any message with how many mails and bytes it has taken so far.
import { listenForMail } from '../support/mail-listener.ts';

export interface Taken {
  mails: number;
  bytes: number;
}

const taken: Taken = { mails: 0, bytes: 0 };

const { port } = await listenForMail((raw) => {
  taken.mails += 1;
  taken.bytes += raw.length;
  return 0;
});
process.send?.({ port });
process.on('message', () => process.send?.(taken));
process.on('disconnect', () => process.exit());
