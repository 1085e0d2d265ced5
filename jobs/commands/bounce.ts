// `convenio bounce < message`: the mail server's pipe for what comes back to the return addresses of our mails.
import { parseBounce } from '../../app/domain/bounce.ts';
import { recordBounce, type BounceOutcome } from '../../db/bounces.ts';
import { now } from '../../db/clock.ts';
import { UsageError, type Command } from './command.ts';
import { withDatabase } from './session.ts';

/** Bytes kept of a message; the rest is read and let go, so that the sender of a huge one is not told anything. */
const KEPT_BYTES = 1_000_000;

const WORDS: Record<BounceOutcome, string> = {
  recorded: 'Rebote registrado: el aviso y la dirección quedan señalados.',
  repeated: 'Ese rebote ya estaba registrado.',
  delayed: 'Sólo informa de una demora o de una entrega; no cambia nada.',
  unbelievable: 'No corresponde a un correo enviado a esa dirección; se anotó y no cambia nada.',
  unreadable: 'No es una notificación de entrega; se anotó y no cambia nada.',
};

/** `convenio bounce`: 0 whatever the message is, so that the mail server does not bounce the bounce. */
export const bounce: Command = async (input) => {
  if (input.words.length > 0) throw new UsageError('El mensaje se lee de la entrada.');
  const parts: Buffer[] = [];
  let kept = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    if (kept < KEPT_BYTES) parts.push(part.subarray(0, KEPT_BYTES - kept));
    kept += part.length;
  }
  const read = parseBounce(Buffer.concat(parts).toString('latin1'));
  return withDatabase(
    input,
    async ({ db }) => {
      input.log(WORDS[await recordBounce(db, read, await now(db))]);
      return 0;
    },
    { asIs: true },
  );
};
