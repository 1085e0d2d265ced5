// What is taken for a document: by its bytes, whatever it is called.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { inspectEvidence } from '../../app/server/evidence/inspect.ts';
import {
  bytesOf,
  CONTENT_TYPES,
  docxFile,
  jpegFile,
  oleFile,
  pdfFile,
  pngFile,
  WORD,
  xlsxFile,
  zipFile,
  type Bytes,
} from '../support/files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-'));
  return () => rm(folder, { recursive: true });
});

async function verdict(name: string, bytes: Bytes): Promise<string> {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  const read = await inspectEvidence(path, bytes.length, name);
  return read.ok ? read.value : read.message;
}

const TYPES = 'Tipos admitidos: PDF, DOCX, XLSX, JPG o PNG';
const MACROS = 'Los archivos con macros o de formatos anteriores no se admiten';
const SUSPICIOUS = 'El archivo comprimido es sospechoso';
const DAMAGED = 'Archivo dañado o incompleto';
const PATHS = 'El archivo contiene rutas no permitidas';

test.each([
  ['oficio.pdf', () => pdfFile('Oficio'), 'application/pdf'],
  ['OFICIO.PdF ', () => pdfFile('Oficio'), 'application/pdf'],
  ['oficio.docx.pdf', () => pdfFile('x', { padding: 300_000 }), 'application/pdf'],
  [
    'acta.docx',
    () => docxFile('Acta'),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    'lista.xlsx',
    () => xlsxFile('Lista'),
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  ['sello.png', () => pngFile(), 'image/png'],
  ['sello.jpg', () => jpegFile(), 'image/jpeg'],
  ['sello.JPEG', () => jpegFile(4000, 3000), 'image/jpeg'],
  // Cameras write data of their own after the picture.
  ['foto.jpg', () => bytesOf(jpegFile(), 'SEFT', new Uint8Array(500)), 'image/jpeg'],
])('%s is what it says', async (name, make, type) => {
  expect(await verdict(name, await make())).toBe(type);
});

describe('is refused, in words that say what to do:', () => {
  const html = bytesOf('<!doctype html><script>alert(1)</script>');
  const svg = bytesOf('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
  test.each<[string, string, () => Bytes | Promise<Bytes>, string]>([
    ['nothing', 'vacio.pdf', () => bytesOf(), 'El archivo está vacío'],
    ['a program', 'x.exe', () => bytesOf('MZ', new Uint8Array(200)), `${TYPES}; éste parece EXE`],
    ['a page', 'x.html', () => html, TYPES],
    ['a picture that runs', 'x.svg', () => svg, TYPES],
    ['a script', 'x.js', () => bytesOf('alert(1)'), TYPES],
    ['a program called a PDF', 'x.pdf.exe', () => pdfFile('x'), `${TYPES}; éste parece PDF`],
    ['a file without ending', 'oficio', () => pdfFile('x'), TYPES],
    ['a page called a PDF', 'x.htm.pdf', () => html, 'El contenido no corresponde a .pdf'],
    ['a drawing called a PNG', 'x.png', () => svg, 'El contenido no corresponde a .png'],
    ['a PNG called a JPG', 'x.jpg', () => pngFile(), 'El contenido no corresponde a .jpg'],
    ['a DOCX called an XLSX', 'x.xlsx', () => docxFile('x'), 'El contenido no corresponde a .xlsx'],
    ['a PDF called a DOCX', 'x.docx', () => pdfFile('x'), 'El contenido no corresponde a .docx'],
    [
      'a PNG with a page behind it',
      'x.png',
      () => bytesOf(pngFile(), html),
      'El contenido no corresponde a .png',
    ],
    [
      'a JPG with a page behind it',
      'x.jpg',
      () => bytesOf(jpegFile(), html),
      'El contenido no corresponde a .jpg',
    ],
    [
      'a PDF with a ZIP behind it',
      'x.pdf',
      async () => bytesOf(await pdfFile('x'), zipFile([WORD])),
      'El contenido no corresponde a .pdf',
    ],
    [
      'a PDF with a page behind it',
      'x.pdf',
      async () => bytesOf(await pdfFile('x'), html),
      'El contenido no corresponde a .pdf',
    ],
    [
      'a JPG with a ZIP behind it',
      'x.jpg',
      () => bytesOf(jpegFile(), zipFile([WORD])),
      'El contenido no corresponde a .jpg',
    ],
    ['a PDF with a password', 'x.pdf', () => pdfFile('x', { password: 'a' }), 'El archivo pide contraseña'],
    ['a document with a password', 'x.docx', () => oleFile('EncryptedPackage'), 'El archivo pide contraseña'],
    [
      'a document whose entries have one',
      'x.docx',
      () => zipFile([CONTENT_TYPES, { ...WORD, encrypted: true }]),
      'El archivo pide contraseña',
    ],
    ['half a PDF', 'x.pdf', async () => (await pdfFile('x')).slice(0, 600), DAMAGED],
    ['a PDF of nothing but its head', 'x.pdf', () => bytesOf('%PDF-1.7\nstartxref\n9\n%%EOF\n'), DAMAGED],
    ['half a PNG', 'x.png', () => pngFile(40, 40).slice(0, 60), DAMAGED],
    ['half a JPG', 'x.jpg', () => jpegFile().slice(0, -6), DAMAGED],
    ['half a DOCX', 'x.docx', async () => (await docxFile('x')).slice(0, -30), DAMAGED],
    ['a PNG for a wall', 'x.png', () => pngFile(50_000, 50_000), 'Imagen demasiado grande'],
    ['a JPG for a wall', 'x.jpg', () => jpegFile(60_000, 60_000), 'Imagen demasiado grande'],
    ['a document of before 2007', 'x.doc', () => oleFile('WordDocument'), MACROS],
    ['one called newer', 'x.xlsx', () => oleFile('Workbook'), MACROS],
    ['a document with macros', 'x.docm', () => docxFile('x'), MACROS],
    [
      'macros under another name',
      'x.docx',
      () => zipFile([CONTENT_TYPES, WORD, { name: 'word/vbaProject.bin', data: 'x' }]),
      MACROS,
    ],
    [
      'macros in what it says of itself',
      'x.docx',
      () =>
        zipFile([
          {
            ...CONTENT_TYPES,
            data: '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
          },
          WORD,
        ]),
      MACROS,
    ],
    [
      'a ZIP of anything',
      'x.docx',
      () => zipFile([{ name: 'a.txt', data: 'a' }]),
      'El contenido no corresponde',
    ],
    [
      'ten gigabytes of zeros',
      'x.docx',
      () =>
        zipFile([
          CONTENT_TYPES,
          WORD,
          { name: 'word/a.xml', data: '0'.repeat(9000), unpacked: 4_000_000_000 },
        ]),
      SUSPICIOUS,
    ],
    [
      'a table of contents that is a bomb',
      'x.xlsx',
      () =>
        zipFile([
          { ...CONTENT_TYPES, data: '0'.repeat(30_000_000) },
          { name: 'xl/workbook.xml', data: 'x' },
        ]),
      SUSPICIOUS,
    ],
    [
      'entries upon each other',
      'x.docx',
      () =>
        zipFile([
          CONTENT_TYPES,
          WORD,
          { name: 'word/b.xml', data: 'b' },
          { ...WORD, name: 'word/c.xml', sharedWith: 2 },
        ]),
      SUSPICIOUS,
    ],
    [
      'entries that are called otherwise in their place',
      'x.docx',
      () => zipFile([CONTENT_TYPES, WORD, { name: 'word/b.xml', nameInPlace: '../../x.xml' }]),
      SUSPICIOUS,
    ],
    ['one name twice', 'x.docx', () => zipFile([CONTENT_TYPES, WORD, WORD]), SUSPICIOUS],
    ['a way out', 'x.docx', () => zipFile([CONTENT_TYPES, WORD, { name: '../../etc/x' }]), PATHS],
    ['an absolute path', 'x.docx', () => zipFile([CONTENT_TYPES, WORD, { name: '/etc/x' }]), PATHS],
    ['a path of Windows', 'x.docx', () => zipFile([CONTENT_TYPES, WORD, { name: 'C:\\x' }]), PATHS],
    ['a link', 'x.docx', () => zipFile([CONTENT_TYPES, WORD, { name: 'word/x', symlink: true }]), PATHS],
    ['fewer entries than it says', 'x.docx', () => zipFile([CONTENT_TYPES, WORD], { count: 3 }), DAMAGED],
    [
      'a ZIP with something before it',
      'x.docx',
      () => bytesOf('PK\x03\x04', new Uint8Array(50), zipFile([CONTENT_TYPES, WORD])),
      DAMAGED,
    ],
  ])('%s (%s)', async (_, name, make, message) => {
    expect(await verdict(name, await make())).toContain(message);
  });
});
