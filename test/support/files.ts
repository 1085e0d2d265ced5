// Real files, made on the spot: documents as programs write them, and those that pretend to be one.
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import { utils, write } from '@e965/xlsx';
import { Document, Packer, Paragraph } from 'docx';
import PDFDocument from 'pdfkit';

export type Bytes = Uint8Array<ArrayBuffer>;

export const bytesOf = (...parts: (string | Uint8Array)[]): Bytes =>
  Uint8Array.from(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
  );

/** A PDF of one page, as large as `padding` makes it; with `password` it is encrypted. */
export async function pdfFile(text: string, { password = '', padding = 0 } = {}): Promise<Bytes> {
  const doc = new PDFDocument({
    compress: padding === 0,
    ...(password ? { userPassword: password, ownerPassword: `${password}!` } : {}),
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => doc.once('end', resolve));
  doc.text(text);
  for (let left = padding; left > 0; left -= 50_000) doc.addContent(`%${'x'.repeat(Math.min(left, 50_000))}`);
  doc.end();
  await ended;
  return bytesOf(...chunks);
}

export async function docxFile(text: string): Promise<Bytes> {
  const document = new Document({ sections: [{ children: [new Paragraph(text)] }] });
  return Uint8Array.from(await Packer.toBuffer(document));
}

export function xlsxFile(text: string): Bytes {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet([[text, 1]]), 'Hoja');
  return Uint8Array.from(write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer);
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** A grey PNG that says it is so large; its pixels are there only when it is small. */
export function pngFile(width = 4, height = 4): Bytes {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const pixels = Buffer.alloc(Math.min((width + 1) * height, 1000), 0x80);
  return bytesOf(
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', new Uint8Array()),
  );
}

/** A JPEG of one grey pixel, or one that says it is larger. */
export function jpegFile(width = 1, height = 1): Bytes {
  const bytes = Buffer.from(
    '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
    'base64',
  );
  const frame = bytes.indexOf(Buffer.from('ffc0', 'hex'));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return Uint8Array.from(bytes);
}

export interface ZipEntry {
  name: string;
  data?: string | Uint8Array;
  /** What the directory says instead of the truth. */
  unpacked?: number;
  /** Places the entry where this earlier one already is. */
  sharedWith?: number;
  encrypted?: boolean;
  symlink?: boolean;
  /** The name beside the data, when it is not that of the directory. */
  nameInPlace?: string;
}

/** A ZIP file, byte by byte, so that it can lie as an attacker's does. */
export function zipFile(entries: ZipEntry[], { count = entries.length, comment = '' } = {}): Bytes {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const places: number[] = [];
  let place = 0;
  for (const entry of entries) {
    const data = Buffer.from(entry.data ?? '');
    const packed = deflateRawSync(data);
    const name = Buffer.from(entry.name);
    const unpacked = entry.unpacked ?? data.length;
    const flags = entry.encrypted ? 1 : 0;
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt16LE(flags, 6);
    header.writeUInt16LE(8, 8);
    header.writeUInt32LE(crc32(data), 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(unpacked, 22);
    const nameInPlace = Buffer.from(entry.nameInPlace ?? entry.name);
    header.writeUInt16LE(nameInPlace.length, 26);
    const offset = entry.sharedWith === undefined ? place : places[entry.sharedWith]!;
    places.push(offset);
    if (entry.sharedWith === undefined) {
      parts.push(header, nameInPlace, packed);
      place += 30 + nameInPlace.length + packed.length;
    }
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(entry.symlink ? 0x0314 : 20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(crc32(data), 16);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(unpacked, 24);
    central.writeUInt16LE(name.length, 28);
    if (entry.symlink) central.writeUInt32LE(0xa1ff0000, 38);
    central.writeUInt32LE(offset, 42);
    directory.push(central, name);
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(place, 16);
  end.writeUInt16LE(comment.length, 20);
  return bytesOf(...parts, ...directory, end, comment);
}

export const CONTENT_TYPES: ZipEntry = {
  name: '[Content_Types].xml',
  data: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
};
export const WORD: ZipEntry = { name: 'word/document.xml', data: '<w:document/>' };

/** A compound file, as Office wrote before 2007 and writes around what it encrypts. */
export function oleFile(stream: string): Bytes {
  return bytesOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1000), Buffer.from(stream, 'utf16le'));
}
