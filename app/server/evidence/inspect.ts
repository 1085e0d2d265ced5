// Whether a file is what its name says, whole and harmless to open; decided from its bytes, never by unpacking it.
import { open, type FileHandle } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import {
  ADMITTED_WORDS,
  extensionOf,
  kindOf,
  MEDIA_TYPES,
  type EvidenceKind,
} from '../../domain/evidence.ts';
import type { Parsed } from '../../domain/plain-date.ts';
import {
  DAMAGED,
  EMPTY,
  MACROS,
  mismatch,
  PASSWORD,
  TOO_MANY_PIXELS,
  type Inspected,
  type ReadAt,
} from './findings.ts';
import { inspectOffice } from './office.ts';

const MAX_SIDE = 20_000;
const MAX_PIXELS = 150_000_000;

const OLD_OFFICE = /^(docm|dotm|xlsm|xltm|xlsb|pptm|doc|dot|xls|xlt|ppt)$/;
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/**
 * The media type of a received file named `name`, or what is wrong with it in Spanish. Ends, sizes and places are
 * checked against each other so that a file cannot be two things at once.
 */
export async function inspectEvidence(path: string, bytes: number, name: string): Promise<Parsed<string>> {
  if (bytes === 0) return { ok: false, message: EMPTY };
  const kind = kindOf(name);
  const file = await open(path, 'r');
  try {
    const read = readerOf(file);
    const head = await read(0, 4100);
    if (kind === undefined) {
      if (OLD_OFFICE.test(extensionOf(name))) return { ok: false, message: MACROS };
      const found = await fileTypeFromBuffer(head);
      const said = found === undefined ? '' : `; éste parece ${found.ext.toUpperCase()}`;
      return { ok: false, message: `Tipos admitidos: ${ADMITTED_WORDS}${said}` };
    }
    const wrong = await inspectors[kind]({ read, bytes, kind }, head);
    return wrong === undefined ? { ok: true, value: MEDIA_TYPES[kind] } : { ok: false, message: wrong };
  } finally {
    await file.close();
  }
}

function readerOf(file: FileHandle): ReadAt {
  return async (position, length) => {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
}

type Inspector = (file: Inspected, head: Buffer) => Promise<string | undefined>;

const office: Inspector = async (file, head) => {
  // An Office document with a password is an OLE container around its encrypted package, as old formats are.
  if (head.subarray(0, 8).equals(OLE)) {
    const encrypted = Buffer.from('EncryptedPackage', 'utf16le');
    return (await contains(file, encrypted)) ? PASSWORD : MACROS;
  }
  return head.subarray(0, 4).toString('latin1') === 'PK\x03\x04' ? inspectOffice(file) : mismatch(file.kind);
};

const inspectors: Record<EvidenceKind, Inspector> = {
  pdf: inspectPdf,
  png: inspectPng,
  jpg: inspectJpeg,
  docx: office,
  xlsx: office,
};

const CHUNK = 64 * 1024;

/** Everything from `from` on, in pieces that overlap by `overlap` bytes so that nothing sought is cut in two. */
async function* pieces({ read, bytes }: Inspected, from: number, overlap: number): AsyncGenerator<Buffer> {
  for (let position = from; position < bytes; position += CHUNK) yield read(position, CHUNK + overlap);
}

async function contains(file: Inspected, sought: Buffer): Promise<boolean> {
  for await (const piece of pieces(file, 0, sought.length)) if (piece.includes(sought)) return true;
  return false;
}

/** Whether the file is also a ZIP: one whose end record reaches exactly to the end (APPNOTE 4.3.16). */
async function endsAsZip({ read, bytes }: Inspected): Promise<boolean> {
  const tail = await read(Math.max(0, bytes - 65_557), 65_557);
  for (let at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1'); at >= 0;) {
    if (at + 22 <= tail.length && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return true;
    at = at === 0 ? -1 : tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1');
  }
  return false;
}

/** Markup that a browser might run if it took the file for a page. */
const MARKUP = /<(?:!doctype|html|script|svg|body|iframe)\b/i;

async function inspectPdf(file: Inspected, head: Buffer): Promise<string | undefined> {
  if (head.subarray(0, 5).toString('latin1') !== '%PDF-') return mismatch('pdf');
  if (await endsAsZip(file)) return mismatch('pdf');
  const tail = (await file.read(Math.max(0, file.bytes - 2048), 2048)).toString('latin1');
  const end = tail.lastIndexOf('%%EOF');
  if (end < 0) return DAMAGED;
  // Some producers fill up to a block with spaces or NULs; anything else after the end is something else.
  if (!/^[\s\0]*$/.test(tail.slice(end + 5))) return mismatch('pdf');
  let pages = false;
  for await (const piece of pieces(file, 0, 64)) {
    const text = piece.toString('latin1');
    // Pages may lie inside compressed object streams, where only a reader of PDF could count them.
    pages ||= /\/Type\s*\/(?:Page(?![A-Za-z])|ObjStm)/.test(text);
  }
  if (!pages) return DAMAGED;
  const start = Number(/startxref\s+(\d{1,10})\s*$/.exec(tail.slice(0, end))?.[1] ?? Number.NaN);
  if (!(start < file.bytes)) return DAMAGED;
  return (await trailerOf(file, start)).includes('/Encrypt') ? PASSWORD : undefined;
}

/** The dictionary that closes the newest section of a PDF: after its table, or at the head of its stream. */
async function trailerOf(file: Inspected, start: number): Promise<string> {
  const section = (await file.read(start, CHUNK)).toString('latin1');
  if (!/^\s*xref/.test(section)) return section.split(/\bstream\r?\n/, 1)[0]!;
  for await (const piece of pieces(file, start, 4096)) {
    const text = piece.toString('latin1');
    const at = text.indexOf('trailer');
    if (at >= 0 && at < CHUNK) return text.slice(at).split('startxref', 1)[0]!;
  }
  return '';
}

const tooManyPixels = (width: number, height: number) =>
  width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS;

/** Walks the chunks (PNG, 5.3): they must lead from the header to the end of the file, and the end be the last. */
async function inspectPng(file: Inspected, head: Buffer): Promise<string | undefined> {
  if (!head.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return mismatch('png');
  if (head.length < 33 || head.toString('latin1', 12, 16) !== 'IHDR') return DAMAGED;
  if (tooManyPixels(head.readUInt32BE(16), head.readUInt32BE(20))) return TOO_MANY_PIXELS;
  let position = 8;
  for (let chunks = 0; chunks < 20_000; chunks += 1) {
    const chunk = await file.read(position, 8);
    if (chunk.length < 8) return DAMAGED;
    position += 12 + chunk.readUInt32BE(0);
    if (position > file.bytes) return DAMAGED;
    if (chunk.toString('latin1', 4, 8) === 'IEND')
      return position === file.bytes ? undefined : mismatch('png');
  }
  return DAMAGED;
}

/**
 * Walks the segments up to the picture's own data (ITU T.81, B.1), then looks for its end. Cameras may add data of
 * their own after the end; a page or a ZIP there is refused.
 */
async function inspectJpeg(file: Inspected, head: Buffer): Promise<string | undefined> {
  if (head.readUIntBE(0, Math.min(3, head.length)) !== 0xffd8ff) return mismatch('jpg');
  if (await endsAsZip(file)) return mismatch('jpg');
  let position = 2;
  let sized = false;
  for (let segments = 0; ; segments += 1) {
    const segment = await file.read(position, 9);
    if (segment.length < 9 || segment[0] !== 0xff || segments > 2000) return DAMAGED;
    const marker = segment[1]!;
    if (marker === 0xff) {
      position += 1;
      continue;
    }
    const startOfFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (startOfFrame) {
      if (tooManyPixels(segment.readUInt16BE(7), segment.readUInt16BE(5))) return TOO_MANY_PIXELS;
      sized = true;
    }
    position += 2 + segment.readUInt16BE(2);
    if (marker === 0xda) break;
  }
  if (!sized) return DAMAGED;
  let ended = false;
  for await (const piece of pieces(file, position, 16)) {
    const end = ended ? 0 : piece.indexOf('\xff\xd9', 0, 'latin1');
    if (end < 0) continue;
    ended = true;
    if (MARKUP.test(piece.toString('latin1', end))) return mismatch('jpg');
  }
  return ended ? undefined : DAMAGED;
}
