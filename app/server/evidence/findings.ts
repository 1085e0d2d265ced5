// What an inspection of a file works on, and the words for what it may find wrong.
import type { EvidenceKind } from '../../domain/evidence.ts';

/** Reads `length` bytes from `position`; fewer at the end of the file. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

export interface Inspected {
  read: ReadAt;
  bytes: number;
  kind: EvidenceKind;
}

export const EMPTY = 'El archivo está vacío';
export const DAMAGED = 'Archivo dañado o incompleto: ábrelo para comprobarlo y vuelve a guardarlo';
export const PASSWORD = 'El archivo pide contraseña o está protegido; súbelo sin protección';
export const MACROS =
  'Los archivos con macros o de formatos anteriores no se admiten; guárdalo como .docx, .xlsx o PDF';
export const TOO_MANY_PIXELS = 'Imagen demasiado grande: reduce sus dimensiones';
export const SUSPICIOUS =
  'El archivo comprimido es sospechoso (al abrirlo ocuparía más de 200 MB o 100 veces su tamaño)';
export const PATHS = 'El archivo contiene rutas no permitidas';
export const mismatch = (kind: EvidenceKind) => `El contenido no corresponde a .${kind}`;
