// The parts of a multipart form, one after the other as they arrive; nothing is held whole in memory.
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { EVIDENCE_FILES } from '../../domain/evidence.ts';

/** Bytes that one text field may have, in its encoding. */
const FIELD_BYTES = 100_000;

/** The answer to a form that is not whole. */
export function incomplete(): Response {
  return new Response('La carga llegó incompleta; inténtalo otra vez.', { status: 400 });
}

export interface Parts {
  onField: (name: string, value: string) => void;
  /** Takes a file; `too_large` leaves it, and whatever comes after it, unread. */
  onFile: (field: string, sentName: string, source: Readable) => Promise<'taken' | 'too_large'>;
  /** More files than a form may bring: the others are passed over. */
  onTooMany: () => void;
}

/**
 * Feeds the body of a form to the parser as fast as its files are taken; true when a file was too large and the
 * rest was left unread. Throws 400 when the form is malformed, cut off, or has too many fields.
 */
export async function readParts(request: Request, type: string, parts: Parts): Promise<boolean> {
  const parser = openParser(type);
  let failure: unknown;
  let tooLarge = false;
  let stop = (): void => undefined;
  const stopped = new Promise<undefined>((resolve) => (stop = () => resolve(undefined)));
  const isStopped = () => failure !== undefined || tooLarge;
  const fail = (error: unknown) => {
    failure ??= error;
    stop();
  };
  const writing: Promise<void>[] = [];
  const sources: Readable[] = [];
  parser.on('field', (name, value, nameTruncated, valueTruncated) => {
    if (nameTruncated || valueTruncated) fail(incomplete());
    else parts.onField(name, value);
  });
  parser.on('file', (field, source, sentName) => {
    sources.push(source);
    // Whoever reads it hears of its end; when nobody does any more, an error must not end the program.
    source.on('error', () => undefined);
    const take = async () => {
      if ((await parts.onFile(field, sentName, source)) === 'taken') return;
      tooLarge = true;
      stop();
    };
    writing.push(take().catch(fail));
  });
  parser.on('filesLimit', parts.onTooMany);
  parser.on('fieldsLimit', () => fail(incomplete()));
  parser.on('error', () => fail(incomplete()));
  const finished = new Promise<void>((resolve) => parser.on('finish', resolve));

  const reader = request.body!.getReader();
  while (!isStopped()) {
    // Whoever sends it may go away in the middle.
    const piece = await Promise.race([reader.read(), stopped]).catch(() => fail(incomplete()));
    if (piece === undefined || isStopped()) break;
    if (piece.done) {
      parser.end();
      await Promise.race([finished, stopped]);
      break;
    }
    if (!parser.write(piece.value)) {
      await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), stopped]);
    }
  }
  // The body is left where it is: cancelling it would cut the connection the answer must travel on.
  if (isStopped()) {
    parser.destroy();
    for (const source of sources) source.destroy(new Error('The form was not read to its end'));
  }
  await Promise.all(writing);
  if (failure !== undefined) throw failure;
  return tooLarge;
}

function openParser(type: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': type },
      limits: {
        fieldNameSize: 100,
        fieldSize: FIELD_BYTES,
        fields: 100,
        // Inputs left empty count too: the list and the camera.
        files: EVIDENCE_FILES + 2,
        headerPairs: 20,
      },
    });
  } catch {
    throw incomplete();
  }
}
