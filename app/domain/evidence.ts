// Files of evidence: which are admitted, how many, how large, and the names they are shown under.

export const EVIDENCE_BYTES = 25 * 1024 * 1024;
export const EVIDENCE_FILES = 10;

export type EvidenceKind = 'pdf' | 'docx' | 'xlsx' | 'jpg' | 'png';

export const MEDIA_TYPES: Record<EvidenceKind, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jpg: 'image/jpeg',
  png: 'image/png',
};

export const ADMITTED_WORDS = 'PDF, DOCX, XLSX, JPG o PNG';

/** For the `accept` of a file input. */
export const ADMITTED_EXTENSIONS = '.pdf,.docx,.xlsx,.jpg,.jpeg,.png';

/** The lower-case ending of a name after its last dot; empty when it has none. */
export function extensionOf(name: string): string {
  return /\.([^.\s]{1,10})\s*$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** The kind a name says its file is; undefined for what is not admitted. */
export function kindOf(name: string): EvidenceKind | undefined {
  const extension = extensionOf(name) === 'jpeg' ? 'jpg' : extensionOf(name);
  return (Object.keys(MEDIA_TYPES) as EvidenceKind[]).find((kind) => kind === extension);
}

/** Longest name kept, in code points, its ending included. */
const NAME_MAX = 120;
/** Names Windows keeps for devices. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * The name a file is shown and downloaded under, from the one its sender gave: no folders, no invisible or
 * turning characters, no leading dots, nothing a file system reserves. It never says where the file is kept.
 */
export function evidenceName(sent: string): string {
  const line = sent
    // Browsers write these three so inside multipart headers (HTML, multipart/form-data encoding algorithm).
    .replace(/%0[da]/gi, ' ')
    .replace(/%22/g, '"')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '');
  const base = line.split(/[\\/]/).at(-1)!;
  const calm = base
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const safe = DEVICE.test(calm) ? `_${calm}` : calm || 'archivo';
  const letters = Array.from(safe);
  if (letters.length <= NAME_MAX) return safe;
  const extension = extensionOf(safe);
  const ending = extension === '' ? '' : `.${extension}`;
  return `${letters.slice(0, NAME_MAX - ending.length - 1).join('')}…${ending}`;
}

/** `340 kB`, `1.2 MB`: decimal for people, binary steps as file managers count. */
export function sizeWords(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, '')} MB`;
}

/** A file as reports, receipts and mails tell of it. */
export interface EvidenceFile {
  name: string;
  bytes: number;
  sha256: string;
}
