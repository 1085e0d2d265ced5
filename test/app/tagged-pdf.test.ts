// Every PDF the program makes, parsed: read aloud in order and in Spanish, on letter paper, legible without colours.
import { inflateSync } from 'node:zlib';
import { getDocumentProxy, getMeta } from 'unpdf';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let direction: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  await program.stopWorker();
  return () => program.close();
});

interface Node {
  role?: string;
  alt?: string;
  children?: Node[];
}

/** Each element of the structure with the roles of those below it. */
function elementsOf({ role, alt, children = [] }: Node): { role: string; alt?: string; below: string[] }[] {
  const below = children.flatMap((child) => (child.role === undefined ? [] : [child.role]));
  const own = role === undefined || role === 'Root' ? [] : [{ role, ...(alt && { alt }), below }];
  return [...own, ...children.flatMap(elementsOf)];
}

/** What stands right under the document. */
const BLOCKS = ['H1', 'H2', 'P', 'L', 'Table', 'Figure'];

const PDFS: [string, string | (() => Promise<string>), string[]][] = [
  ['the report with its annex', '/informe/vencidas.pdf?anexo=1', ['Table', 'L']],
  ['its public version', '/informe/vencidas.pdf?version=publica', ['Table', 'L']],
  ['the four-month report', '/informe/cuatrimestral.pdf?anio=2024&periodo=1', ['Table', 'L', 'Figure']],
  [
    'the record of notices',
    async () => {
      const { deadline_id } = await program.db
        .selectFrom('notice')
        .select('deadline_id')
        .groupBy('deadline_id')
        .orderBy(({ fn }) => fn.countAll(), 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      return `/vencimientos/${deadline_id}/constancia.pdf`;
    },
    ['H2'],
  ],
  [
    'a receipt',
    async () => {
      const { folio } = await program.db
        .selectFrom('receipt')
        .select('folio')
        .limit(1)
        .executeTakeFirstOrThrow();
      return `/acuses/${folio}/pdf`;
    },
    ['H2'],
  ],
  [
    'a handover',
    async () => {
      const { id, person_id } = await program.db
        .selectFrom('appointment')
        .innerJoin('person', 'person.id', 'appointment.person_id')
        .where('person.email', '=', 'enlace.deoe@iem.example')
        .select(['appointment.id', 'person_id'])
        .executeTakeFirstOrThrow();
      return `/personas/${person_id}/entrega/${id}.pdf`;
    },
    ['H2', 'Table'],
  ],
];

describe.each(PDFS)('%s', (_, path, expected) => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    const answer = await direction.get(typeof path === 'string' ? path : await path());
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    bytes = new Uint8Array(await answer.arrayBuffer());
  });

  test('is tagged: title, language, headings, tables with heads, lists of items, figures in words', async () => {
    const raw = Buffer.from(bytes).toString('latin1');
    expect(raw).toContain('/StructTreeRoot');
    expect(raw).toMatch(/\/MarkInfo \d+ 0 R/);
    expect(raw).toContain('/Marked true');
    expect(raw).toContain('/DisplayDocTitle true');
    const pdf = await getDocumentProxy(bytes.slice());
    const { info } = await getMeta(pdf);
    expect(info).toMatchObject({ Language: 'es-MX' });
    expect((info as { Title?: string }).Title).toMatch(/\S/);
    const elements: ReturnType<typeof elementsOf> = [];
    for (let page = 1; page <= pdf.numPages; page++) {
      const tree = (await (await pdf.getPage(page)).getStructTree()) as Node;
      elements.push(...elementsOf(tree));
    }
    const roles = elements.map(({ role }) => role);
    for (const role of ['Document', 'H1', 'P', ...expected]) expect(roles).toContain(role);
    expect(roles.filter((role) => role === 'H1')).toHaveLength(1);
    expect(roles.find((role) => /^H\d$/.test(role))).toBe('H1');
    const outside = elements.flatMap(({ role, below }) => (role === 'Document' ? below : []));
    expect([...new Set(outside)].filter((role) => !BLOCKS.includes(role))).toEqual([]);
    const under = (parent: string) =>
      new Set(elements.flatMap(({ role, below }) => (role === parent ? below : [])));
    if (roles.includes('Table')) {
      expect([...under('Table')].sort()).toEqual(['Caption', 'TBody', 'THead']);
      expect([...under('TR')].filter((role) => role !== 'TH' && role !== 'TD')).toEqual([]);
      const heads = raw.match(/\/S \/TH\b/g)!.length;
      expect(raw.match(/\/Scope \/(Column|Row)/g)).toHaveLength(heads);
    }
    if (roles.includes('L')) {
      expect([...under('L')]).toEqual(['LI']);
      expect([...under('LI')].sort()).toEqual(['LBody', 'Lbl']);
    }
    for (const { role, alt } of elements) if (role === 'Figure') expect(alt).toMatch(/\S{3}/);
  });

  test('is on letter paper and uses no colour', async () => {
    const pdf = await getDocumentProxy(bytes.slice());
    for (let number = 1; number <= pdf.numPages; number++) {
      expect((await pdf.getPage(number)).view).toEqual([0, 0, 612, 792]);
    }
    const raw = Buffer.from(bytes).toString('latin1');
    const drawn = [...raw.matchAll(/\/FlateDecode\s*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)]
      .map(([, stream]) => inflateSync(Buffer.from(stream!, 'latin1')).toString('latin1'))
      .filter((content) => content.includes(' Tf'));
    const colours = drawn.flatMap((content) => [
      ...content.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) (?:scn|SCN|rg|RG)\b/g),
    ]);
    expect(colours.length).toBeGreaterThan(pdf.numPages);
    expect(colours.filter(([, red, green, blue]) => red !== green || green !== blue)).toEqual([]);
  });
});
