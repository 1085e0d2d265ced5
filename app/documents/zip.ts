// A ZIP archive written while it is made: what spreadsheets and text documents are packed in.
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

export interface Entry {
  name: string;
  /** The text of the file, whole or in parts. */
  content: Iterable<string> | AsyncIterable<string>;
}

/** Bytes are compressed in pieces of about this size. */
const PIECE = 64 * 1024;
const LARGEST = 0xffff_ffff;
/** Sizes follow the data (bit 3) and names are UTF-8 (bit 11): APPNOTE.TXT 4.4.4. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1 January 1980 in MS-DOS form: the same content is the same file, whenever it was written. */
const NO_DATE = 0x0021;

/** Packs the entries in their order. Memory stays at one piece whatever the size; throws beyond 4 GiB. */
export async function* zip(entries: Iterable<Entry>): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const head = localHeader(name);
    yield head;
    const sums = { crc: 0, size: 0, packed: 0 };
    for await (const piece of Readable.from(measured(content, sums)).pipe(createDeflateRaw())) {
      sums.packed += (piece as Buffer).length;
      yield piece as Buffer;
    }
    yield descriptor(sums);
    directory.push(centralHeader(name, sums, offset));
    offset += head.length + sums.packed + 16;
    if (offset > LARGEST || sums.size > LARGEST) throw new Error(`The archive is too large at ${name}`);
  }
  const central = Buffer.concat(directory);
  yield central;
  yield endOfDirectory(directory.length, central.length, offset);
}

interface Sums {
  crc: number;
  size: number;
  packed: number;
}

/** The content as bytes in pieces of even size, counted into `sums` on their way. */
async function* measured(content: Entry['content'], sums: Sums): AsyncGenerator<Buffer> {
  let text = '';
  const piece = () => {
    const bytes = Buffer.from(text, 'utf8');
    text = '';
    sums.crc = crc32(bytes, sums.crc);
    sums.size += bytes.length;
    return bytes;
  };
  for await (const part of content) {
    text += part;
    if (text.length >= PIECE) yield piece();
  }
  yield piece();
}

function localHeader(name: string): Buffer {
  const bytes = Buffer.from(name, 'utf8');
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt16LE(DEFLATED, 8);
  head.writeUInt16LE(NO_DATE, 12);
  head.writeUInt16LE(bytes.length, 26);
  return Buffer.concat([head, bytes]);
}

function descriptor({ crc, packed, size }: Sums): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(packed, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

function centralHeader(name: string, { crc, packed, size }: Sums, offset: number): Buffer {
  const bytes = Buffer.from(name, 'utf8');
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(20, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt16LE(DEFLATED, 10);
  head.writeUInt16LE(NO_DATE, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(packed, 20);
  head.writeUInt32LE(size, 24);
  head.writeUInt16LE(bytes.length, 28);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, bytes]);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
