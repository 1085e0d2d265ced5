import { describe, expect, test } from 'vitest';
import {
  countOpen,
  handoverOutline,
  NOTHING_OPEN,
  partsOf,
  type Handover,
  type OpenMatter,
} from '../../app/domain/handover-outline.ts';
import type { DeadlineStatus } from '../../app/domain/deadline-status.ts';
import { wordsOf, type Cell } from '../../app/domain/report-outline.ts';

let last = 0;
function matter(status: DeadlineStatus, more: Partial<OpenMatter> = {}): OpenMatter {
  last += 1;
  return {
    id: last,
    ref: `AT-C-${last}`,
    title: `Entregar los documentos, remesa ${last}`,
    status,
    distance: null,
    due_on: '2024-05-18',
    due_hour: null,
    citation: 'Anexo Técnico, numeral C.b',
    legal_basis: 'LGIPE 153.1',
    obligor: 'IEM',
    waiting_for: null,
    manual: null,
    provisional: [],
    to_verify: false,
    folio: null,
    ...more,
  };
}

function handover(matters: OpenMatter[], more: Partial<Handover> = {}): Handover {
  return {
    person: { id: 7, name: 'Persona de ejemplo' },
    appointment: { id: 9, title: 'Enlace de Organización', from_on: '2023-09-01', until_on: null },
    area: 'Dirección Ejecutiva de Organización Electoral',
    holders: [],
    today: '2024-05-15',
    issued_at: '2024-05-15T15:00:00.000000Z',
    issued: 'miércoles 15 de mayo de 2024, 9:00 h',
    head: 'a'.repeat(64),
    parts: partsOf(matters),
    ...more,
  };
}

const rowsOf = (matters: OpenMatter[]): Record<string, Cell[][]> =>
  Object.fromEntries(
    handoverOutline(handover(matters)).sections.map(({ key, tables }) => [
      key,
      tables.flatMap(({ rows }) => rows),
    ]),
  );
const factOf = (name: string, of: Handover) => handoverOutline(of).facts.find(([fact]) => fact === name)?.[1];

describe('what a post hands over', () => {
  test('is told part by part, what is overdue first, and each matter is in one part', () => {
    const statuses: DeadlineStatus[] = ['waiting', 'on_track', 'in_review', 'overdue', 'due_soon', 'overdue'];
    const matters = statuses.map((status) => matter(status));
    const parts = partsOf(matters);
    expect(parts.map(({ title, matters: of }) => [title, of.length])).toEqual([
      ['Vencidas', 2],
      ['Por vencer', 2],
      ['En revisión', 1],
      ['En espera de un evento', 1],
    ]);
    const told = parts.flatMap((part) => part.matters.map(({ id }) => id));
    expect([...told].sort((a, b) => a - b)).toEqual(matters.map(({ id }) => id));
  });

  test('counts the same in its conclusion, in its headings and in its rows', () => {
    const of = handover([matter('overdue'), matter('due_soon'), matter('on_track')]);
    const { verdict, sections } = handoverOutline(of);
    expect(wordsOf(verdict[0]!)).toBe('Asuntos abiertos: 3 (vencidas: 1; por vencer: 2).');
    expect(sections.map(({ heading }) => heading)).toEqual(['Vencidas (1)', 'Por vencer (2)']);
    expect(sections.flatMap(({ tables }) => tables.flatMap(({ rows }) => rows))).toHaveLength(countOpen(of));
  });

  test('says with what is overdue where it comes from, when it fell due and how long ago', () => {
    const row = matter('overdue', { due_on: '2024-05-12', distance: 'hace 3 días' });
    expect(rowsOf([row])['vencidas']).toEqual([
      [
        {
          id: row.id,
          title: row.title,
          detail: `${row.ref} · Anexo Técnico, numeral C.b · LGIPE 153.1`,
        },
        'dom 12 may 2024',
        'hace 3 días',
      ],
    ]);
  });

  test('says of a date that it is provisional, its hour, and what else must be known of it', () => {
    const row = matter('due_soon', {
      provisional: ['jornada'],
      due_hour: '18:00 h',
      distance: 'en 3 días',
      manual: 'agreement',
      to_verify: true,
      obligor: 'both',
    });
    const [[cell, date]] = rowsOf([row])['por-vencer'] as [[{ detail: string }, string, string]];
    expect(date).toBe('sáb 18 may 2024, 18:00 h (provisional)');
    expect(cell.detail).toMatch(
      / · fecha por acuerdo · por cotejar con el anexo firmado · a cargo del INE y del IEM$/,
    );
  });

  test('says with what is in review the folio of its last report', () => {
    const row = matter('in_review', { folio: 'R-0187', distance: 'desde ayer' });
    expect(rowsOf([row])['en-revision']![0]!.slice(1)).toEqual(['sáb 18 may 2024', 'desde ayer', 'R-0187']);
  });

  test('says with what has no date the event it waits for', () => {
    const row = matter('waiting', { due_on: null, waiting_for: 'Recepción del oficio' });
    expect(rowsOf([row])['en-espera']![0]!.slice(1)).toEqual(['Recepción del oficio']);
  });

  test('is nothing when the area has nothing open, and the document says so and is signed all the same', () => {
    const { verdict, sections, signatures } = handoverOutline(handover([]));
    expect(verdict.map(wordsOf)).toEqual([NOTHING_OPEN]);
    expect(sections).toEqual([]);
    expect(signatures).toEqual(['Entrega', 'Recibe']);
  });
});

describe('the post that is handed over', () => {
  test.each([
    ['2023-09-01', null, 'Ocupa el cargo'],
    ['2023-09-01', '2024-05-15', 'Ocupa el cargo'],
    ['2023-09-01', '2024-05-14', 'Ocupó el cargo'],
    ['2024-05-15', null, 'Ocupa el cargo'],
    ['2024-05-16', null, 'Ocupará el cargo'],
  ])('from %s until %s is told as «%s»', (from_on, until_on, words) => {
    const appointment = { id: 9, title: 'Enlace', from_on, until_on };
    expect(factOf(words, handover([], { appointment }))).toBe('Persona de ejemplo');
  });

  test('is told with its area, its term, who is there today, the moment and the head of the record', () => {
    const of = handover([], { holders: ['Una', 'Otra'] });
    expect(handoverOutline(of).facts.slice(1)).toEqual([
      ['Cargo', 'Enlace de Organización'],
      ['Área', 'Dirección Ejecutiva de Organización Electoral'],
      ['Desde', 'viernes 1 de septiembre de 2023'],
      ['Hasta', 'sin fecha de término'],
      ['Hoy en el área', 'Una · Otra'],
      ['Emitida', 'miércoles 15 de mayo de 2024, 9:00 h, tiempo del centro'],
      ['Huella de la bitácora al emitirse', 'a'.repeat(64)],
    ]);
    expect(factOf('Hoy en el área', handover([]))).toMatch(/^nadie/);
  });
});
