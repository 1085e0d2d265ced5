// DOCX and XLSX files: their ZIP directory read and checked against itself before anything could be unpacked.
import { inflateRawSync } from 'node:zlib';
import { DAMAGED, MACROS, mismatch, PASSWORD, PATHS, SUSPICIOUS, type Inspected } from './findings.ts';

/** Bytes a document may unpack to, and how many times its own size. */
const UNPACKED_BYTES = 200 * 1024 * 1024;
const UNPACKED_RATIO = 100;
/** Below this nobody is harmed by the ratio: small documents of repeated marks compress very well. */
const RATIO_FROM_BYTES = 5 * 1024 * 1024;
const ENTRIES = 10_000;
const DIRECTORY_BYTES = 4 * 1024 * 1024;
const CONTENT_TYPES_BYTES = 1024 * 1024;

interface Entry {
  name: string;
  encrypted: boolean;
  method: number;
  packed: number;
  unpacked: number;
  offset: number;
  symlink: boolean;
}

/** What is wrong with a document whose first bytes are a ZIP's, in Spanish; undefined when nothing is. */
export async function inspectOffice(file: Inspected): Promise<string | undefined> {
  const directory = await readDirectory(file);
  if (typeof directory === 'string') return directory;
  const { entries, start } = directory;
  if (entries.some(({ name, symlink }) => symlink || isForbiddenPath(name))) return PATHS;
  if (entries.some(({ encrypted }) => encrypted)) return PASSWORD;
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpacked, 0);
  if (
    unpacked > UNPACKED_BYTES ||
    (unpacked > RATIO_FROM_BYTES && unpacked > UNPACKED_RATIO * file.bytes) ||
    (await tellOtherwiseInPlace(file, entries, start))
  )
    return SUSPICIOUS;
  if (entries.some(({ name }) => /vbaproject\.bin$|(^|\/)macrosheets\//i.test(name))) return MACROS;
  const types = entries.find(({ name }) => name === '[Content_Types].xml');
  const folder = file.kind === 'docx' ? 'word/' : 'xl/';
  if (!types || !entries.some(({ name }) => name.startsWith(folder))) return mismatch(file.kind);
  const text = await unpackSmall(file, types);
  if (text === undefined) return DAMAGED;
  // Some writers name the macro types as defaults for parts they do not have; what counts is what a part is.
  return /<Override\b[^>]*macroEnabled/i.test(text) ? MACROS : undefined;
}

/** The entries of the central directory (APPNOTE 4.3.12), which must fill the file from its start to its end. */
async function readDirectory({
  read,
  bytes,
}: Inspected): Promise<{ entries: Entry[]; start: number } | string> {
  const tailStart = Math.max(0, bytes - 65_557);
  const tail = await read(tailStart, 65_557);
  const at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (at < 0 || at + 22 > tail.length) return DAMAGED;
  if (at + 22 + tail.readUInt16LE(at + 20) !== tail.length) return DAMAGED;
  const count = tail.readUInt16LE(at + 10);
  const size = tail.readUInt32LE(at + 12);
  const start = tail.readUInt32LE(at + 16);
  if (count > ENTRIES || size > DIRECTORY_BYTES) return SUSPICIOUS;
  // What lies before the first entry or between the directory and its end record belongs to another format.
  if (start + size !== tailStart + at) return DAMAGED;
  const directory = await read(start, size);
  const entries: Entry[] = [];
  for (let position = 0; position < size;) {
    if (position + 46 > size || directory.readUInt32LE(position) !== 0x02014b50) return DAMAGED;
    const nameLength = directory.readUInt16LE(position + 28);
    const next =
      position +
      46 +
      nameLength +
      directory.readUInt16LE(position + 30) +
      directory.readUInt16LE(position + 32);
    if (next > size) return DAMAGED;
    const madeByUnix = directory[position + 5] === 3;
    entries.push({
      name: directory.toString('utf8', position + 46, position + 46 + nameLength),
      encrypted: (directory.readUInt16LE(position + 8) & 1) === 1,
      method: directory.readUInt16LE(position + 10),
      packed: directory.readUInt32LE(position + 20),
      unpacked: directory.readUInt32LE(position + 24),
      offset: directory.readUInt32LE(position + 42),
      symlink: madeByUnix && directory.readUInt32LE(position + 38) >>> 28 === 0xa,
    });
    position = next;
  }
  return entries.length === count ? { entries, start } : DAMAGED;
}

function isForbiddenPath(name: string): boolean {
  return /^[/\\]|^[a-z]:|\\|\0/i.test(name) || name.split('/').includes('..');
}

/**
 * Whether the entries themselves contradict the directory: overlapping one another, reaching past it, or of other
 * names or sizes. That is how a small file is made to unpack to something enormous.
 */
async function tellOtherwiseInPlace({ read }: Inspected, entries: Entry[], end: number): Promise<boolean> {
  if (new Set(entries.map(({ name }) => name)).size < entries.length) return true;
  let free = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset < free) return true;
    const header = await read(entry.offset, 30 + Buffer.byteLength(entry.name));
    if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) return true;
    const nameLength = header.readUInt16LE(26);
    if (header.toString('utf8', 30, 30 + nameLength) !== entry.name) return true;
    free = entry.offset + 30 + nameLength + header.readUInt16LE(28) + entry.packed;
    if (free > end) return true;
    // Sizes may follow the data instead (flag 8); where they are said twice they must agree.
    const later = (header.readUInt16LE(6) & 8) === 8;
    if (!later && (header.readUInt32LE(18) !== entry.packed || header.readUInt32LE(22) !== entry.unpacked))
      return true;
    // Deflate never expands more than 1032 times.
    if (entry.method === 0 ? entry.unpacked !== entry.packed : entry.unpacked > 1032 * (entry.packed + 1))
      return true;
  }
  return false;
}

/** The text of one small entry, never more than its limit; undefined when it cannot be read. */
async function unpackSmall({ read }: Inspected, entry: Entry): Promise<string | undefined> {
  if (entry.unpacked > CONTENT_TYPES_BYTES || entry.packed > CONTENT_TYPES_BYTES) return undefined;
  const header = await read(entry.offset, 30);
  const from = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await read(from, entry.packed);
  if (entry.method === 0) return packed.toString('utf8');
  try {
    return inflateRawSync(packed, { maxOutputLength: CONTENT_TYPES_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
}
