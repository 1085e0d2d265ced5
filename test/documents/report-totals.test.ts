import * as XLSX from '@e965/xlsx';
import { sql } from 'kysely';
import mammoth from 'mammoth';
import { expect, test } from 'vitest';
import { REPORT_FILES } from '../../app/documents/report-files.ts';
import { STATUS_PATHS } from '../../app/components/report-paths.ts';
import { cutText, endOfDayCut } from '../../app/domain/cut.ts';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { DUE_STATUSES, publicVersion, type OverdueReport } from '../../app/domain/overdue-report.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { calendarPage } from '../../app/server/calendar-page.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { listDeadlines } from '../../db/deadlines.ts';
import { listDueDeadlines, overdueReport } from '../../db/overdue-report.ts';
import { stampDraft } from '../../db/report-cuts.ts';
import { reviewSubmission } from '../../db/reviews.ts';
import { submitReport } from '../../db/submissions.ts';
import { freshDatabase } from '../support/database.ts';
import { bytesOf, textOf } from '../support/reports.ts';

/** Numbers in [0, 1) from a seed (mulberry32), so that a failure can be had again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Reports, reviews and waivers at random over what is still open, by the functions the screens use. */
async function live(db: Db, random: () => number, present: Moment): Promise<void> {
  const pick = (chance: number) => random() < chance;
  const people = await db.selectFrom('person').select('id').orderBy('id').limit(2).execute();
  const [submitter, reviewer] = people.map(({ id }) => id);
  for (const row of await listDeadlines(db, present)) {
    if (row.due_on === null || row.due_on > addDays(present.today, 3) || pick(0.35)) continue;
    const act_on = [addDays(row.due_on, Math.floor(random() * 9) - 5), present.today].sort()[0]!;
    const at = momentOf(instantOf(`${act_on}T${pick(0.5) ? '08:10' : '08:50'}`));
    if (pick(0.1)) {
      await sql`insert into waiver (deadline_id, kind, reason, document, recorded_by, recorded_at, reserved)
        select ${row.id}, ${pick(0.5) ? 'waived' : 'condition_not_met'}, 'Sin objeto', 'IEM-1/2024', ${reviewer!},
          ${at.at}, ${pick(0.5)} where not exists (select from waiver where deadline_id = ${row.id})`.execute(
        db,
      );
      continue;
    }
    const outcome = await submitReport(
      db,
      {
        deadline_id: row.id,
        area_id: row.area_id,
        person_id: submitter!,
        act_on,
        act_time: row.due_time === null ? null : pick(0.5) ? '07:00' : '08:00',
        medium: 'letter',
        document_number: `IEM-${row.id}/2024`,
        note: '',
        form_key: crypto.randomUUID(),
        example: true,
      },
      at,
    );
    if (outcome.kind !== 'received' || pick(0.3)) continue;
    await reviewSubmission(
      db,
      {
        submission_id: outcome.submission_id,
        decision: pick(0.8) ? 'accepted' : 'returned',
        words: 'Falta el sello',
        person_id: reviewer!,
      },
      momentOf(instantOf(`${act_on}T08:55`)),
    );
  }
}

/** The five numbers, in the order of the columns of «Por área». */
const five = ({ totals }: OverdueReport) => [
  totals.due,
  totals.concluded_on_time,
  totals.concluded_late,
  totals.in_review,
  totals.overdue,
];

async function expectSameEverywhere(db: Db, cut: Moment, present: Moment): Promise<void> {
  const complete = await stampDraft(db, await overdueReport(db, cut));
  const wanted = five(complete.report);
  const [due, ...parts] = wanted;
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(due);

  // The lists behind the numbers, and the calendar.
  const all = { offset: 0, size: 10_000 };
  expect(await listDueDeadlines(db, cut, {}, all)).toHaveLength(due!);
  for (const [index, status] of DUE_STATUSES.entries()) {
    const rows = await listDueDeadlines(db, cut, { status }, all);
    expect({ status, rows: rows.length }).toEqual({ status, rows: parts[index] });
  }
  for (const status of ['overdue', 'concluded_late'] as const) {
    const params = new URLSearchParams({ estado: STATUS_PATHS[status], corte: cutText(cut.at) });
    const page = await calendarPage(db, params, present, { process: undefined, options: [], error: null });
    expect({ status, matching: page.matching }).toEqual({
      status,
      matching: complete.report.totals[status],
    });
  }

  for (const { report, stamp } of [
    complete,
    { report: publicVersion(complete.report, []), stamp: { ...complete.stamp, public: true } },
  ]) {
    const bytes = async (format: keyof typeof REPORT_FILES) =>
      bytesOf(REPORT_FILES[format].write(report, stamp));
    const overdue = complete.report.totals.overdue;
    const csv = XLSX.read(await bytes('csv'), { raw: true });
    expect(XLSX.utils.sheet_to_json(csv.Sheets[csv.SheetNames[0]!]!)).toHaveLength(overdue);

    const book = XLSX.read(await bytes('xlsx'));
    expect(XLSX.utils.sheet_to_json(book.Sheets['Vencidas']!)).toHaveLength(overdue);
    const areas = XLSX.utils.sheet_to_json<(string | number)[]>(book.Sheets['Por área']!, { header: 1 });
    expect(areas.at(-1)).toEqual(['Todas', ...wanted]);
    for (const [column, sum] of wanted.entries())
      expect(areas.slice(1, -1).reduce((total, row) => total + Number(row[column + 1]), 0)).toBe(sum);

    const sentence = new RegExp(
      `${wanted[0]} exigibles = ${wanted[1]} concluidas? en plazo \\+ ${wanted[2]} fuera de plazo \\+ ${wanted[3]} en revisión \\+ ${wanted[4]} vencidas?`,
    );
    expect(await textOf('pdf', await bytes('pdf'))).toMatch(sentence);
    expect(await textOf('docx', await bytes('docx'))).toMatch(sentence);
    const { value: html } = await mammoth.convertToHtml({ buffer: Buffer.from(await bytes('docx')) });
    const tables = [...html.matchAll(/Obligación y fundamento.*?<tbody>(.*?)<\/tbody>/gs)];
    expect(tables.reduce((sum, [, rows]) => sum + rows!.split('<tr>').length - 1, 0)).toBe(overdue);
  }
}

test.each([1, 2, 3])(
  'the list, the calendar and every file have the same numbers, whatever happened (%i)',
  async (seed) => {
    const { db } = await freshDatabase('demo');
    const random = seeded(seed);
    const present = await now(db);
    await live(db, random, present);
    await expectSameEverywhere(db, present, present);
    const day = addDays(present.today, -1 - Math.floor(random() * 90));
    await expectSameEverywhere(db, endOfDayCut(day), present);
  },
);
