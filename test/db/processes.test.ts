import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { MilestoneEntry } from '../../app/domain/process-form.ts';
import type { Db } from '../../db/client.ts';
import { listDeadlines } from '../../db/deadlines.ts';
import { rehearsePass } from '../../db/planned-notices.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { copyProcess } from '../../db/process-copy.ts';
import {
  daysBetweenJornadas,
  decideFixedDates,
  fillMilestones,
  leaveOut,
  listFixedDates,
  listMilestonesToFill,
} from '../../db/process-preparation.ts';
import { listFirstNotices } from '../../db/first-notices.ts';
import { compareWithSource, listAreaGaps } from '../../db/process-review.ts';
import { discardProcess, findProcess, listProcesses, publishProcess } from '../../db/processes.ts';
import { freshDatabase } from '../support/database.ts';

const at = (local: string) => momentOf(instantOf(local), true);
const AUTHOR = { actor: 'persona 1', person_id: null };
const SOURCE = 'ordinario-2023-2024';
const IRIMBO = {
  from: SOURCE,
  key: 'extraordinario-irimbo-2024',
  name: 'Elección extraordinaria de Irimbo 2024',
};
const NEXT = {
  from: SOURCE,
  key: 'ordinario-2026-2027',
  name: 'Proceso Electoral Ordinario Local 2026-2027',
};

const milestone = (key: string, on: string, firm: boolean, source: string): MilestoneEntry => {
  const [on_date = '', at_time = null] = on.split('T');
  return { key, on_date, at_time, firm, source };
};

/** Dates in force by ref; of several, all of them. `…T08:00` when there is an hour, `espera` without a date. */
async function datesOf(db: Db, processId: number): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .where('o.process_id', '=', processId)
    .where('v.superseded_at', 'is', null)
    .select(['o.ref', 'v.opens_on', 'v.due_on', 'v.due_time'])
    .orderBy('v.due_on')
    .execute();
  const dates = new Map<string, string>();
  for (const { ref, opens_on, due_on, due_time } of rows) {
    const due = due_on === null ? 'espera' : due_time === null ? due_on : `${due_on}T${due_time}`;
    const words = opens_on === null || opens_on === due_on ? due : `${opens_on}/${due}`;
    dates.set(ref, dates.has(ref) ? `${dates.get(ref)} ${words}` : words);
  }
  return dates;
}

async function processOf(db: Db, key: string) {
  const process = await findProcess(db, key);
  if (!process) throw new Error(`No process ${key}`);
  return process;
}

let db: Db;
beforeEach(async () => {
  ({ db } = await freshDatabase('demo'));
});

describe('the extraordinary election of Irimbo, Jornada of 8 December 2024', () => {
  const START = at('2024-10-01T09:00');

  // The rule of each obligation is in db/catalogue/obligations.jsonl. Jornada J: Sunday 8 December 2024, 8:00 h; start
  // of the process I: Friday 27 September 2024. Months keep their number of days: Sep 30, Oct 31, Nov 30, Dec 31.
  const GOLDEN: [ref: string, due: string, arithmetic: string][] = [
    ['AT-C-4', '2024-11-08', 'J − 30 days: 8 days back to 30 Nov, 22 more: 30 − 22 = 8 Nov'],
    ['AT-C-5', '2024-11-08', 'J − 1 month: same number, 8 Nov'],
    ['AT-C-9', '2024-10-24', 'J − 45: 8 back to 30 Nov, 30 back to 31 Oct, 7 more: 31 − 7 = 24 Oct'],
    ['AT-D-1', '2024-09-26', 'I − 1 day'],
    ['AT-D-3', '2024-10-07', 'I + 10: 3 days to 30 Sep, 7 more'],
    ['AT-E-9', '2024-10-27', 'J − 6 weeks = 42 days: 8 to 30 Nov, 30 to 31 Oct, 4 more: 31 − 4'],
    ['AT-E-10', '2024-08-08', 'J − 4 months'],
    ['AT-F-9', '2024-11-25', 'J − 13: 8 to 30 Nov, 5 more: 30 − 5'],
    ['AT-F-11', '2024-12-06', 'J − 2'],
    ['AT-F-12', '2024-12-02/2024-12-06', 'opens J − 6, closes J − 2'],
    ['AT-F-13', '2024-11-18', 'J − 20: 8 to 30 Nov, 12 more: 30 − 12'],
    ['AT-F-14', '2024-12-07', 'J − 1'],
    ['AT-OBS-4', '2025-01-07', 'J + 30: 23 days to 31 Dec, 7 more'],
    ['AT-DOC-1', '2024-03-08', 'J − 9 months'],
    ['AT-DOC-6', '2024-11-23', 'J − 15: 8 to 30 Nov, 7 more: 30 − 7'],
    ['AT-SIJ-3', '2024-12-08T11:00', 'J 8:00 h + 3 hours'],
    [
      'AT-SIJ-4',
      '2024-12-20',
      'J + 10 business days: 9, 10, 11, 12, 13 (five), 16, 17, 18, 19, 20 Dec (ten); 25 Dec comes later',
    ],
    ['AT-PRE-8', '2024-12-08T20:00', 'J 8:00 h + 12 hours'],
    ['AT-COM-2', '2024-12-10', 'J + 2'],
    ['AT-COM-3', '2024-12-11T08:00', 'J 8:00 h + 72 hours'],
    ['AT-FIS-7', '2024-12-15', 'J + 7'],
    ['AT-VOT-4', '2024-12-07T08:00', 'J 8:00 h − 24 hours'],
    ['AT-REC-1', '2024-10-09', 'J − 60: 8 to 30 Nov, 30 to 31 Oct, 22 more: 31 − 22'],
    [
      'AF-FIN-5',
      '2024-11-15',
      'J − 15 business days: 6, 5, 4, 3, 2 Dec (five), 29, 28, 27, 26, 25 Nov (ten), 22, 21, 20, 19 (fourteen), Monday 18 rests (LFT 74 VI), 15 Nov',
    ],
    ['AF-FIN-7', '2025-03-08', 'J + 3 months'],
    ['AT-PRO-1', '2024-10-27', 'I + 30: 3 to 30 Sep, 27 more'],
  ];

  test('fills the process the catalogue knows, keeps its two dates, and gives the dates worked out by hand', async () => {
    const copied = await copyProcess(db, IRIMBO, AUTHOR, START);
    expect(copied).toMatchObject({ kind: 'copied', obligations: 150 });
    const process = await processOf(db, IRIMBO.key);
    expect(process).toMatchObject({ published_at: null, source_key: SOURCE });
    const filled = await listMilestonesToFill(db, process.id);
    expect(
      filled
        .filter(({ on_date }) => on_date !== null)
        .map(({ key, on_date, at_time }) => [key, on_date, at_time]),
    ).toEqual([
      ['jornada', '2024-12-08', '08:00'],
      ['inicio_proceso_local', '2024-09-27', null],
    ]);
    // Whatever counts from the Jornada comes first in the list of what to fill.
    expect(filled[0]).toMatchObject({ key: 'jornada' });
    const dates = await datesOf(db, process.id);
    expect(GOLDEN.map(([ref]) => [ref, dates.get(ref)])).toEqual(GOLDEN.map(([ref, due]) => [ref, due]));
  });

  test('what hangs from other events waits for them, and computes when they are filled, several at once', async () => {
    await copyProcess(db, IRIMBO, AUTHOR, START);
    const process = await processOf(db, IRIMBO.key);
    expect((await datesOf(db, process.id)).get('AT-PRE-9')).toBe('espera');
    const changed = await fillMilestones(
      db,
      process,
      [
        milestone('inicio_prep', '2024-12-08T20:00', true, 'Acuerdo del IEM'),
        milestone('cierre_votacion', '2024-12-08T18:00', true, 'LGIPE 285'),
        // 15 days of precampaign and 26 of campaign (press): the campaign ends four days before the Jornada.
        milestone('inicio_campana', '2024-11-09', false, 'Calendario del IEM, 24 de septiembre de 2024'),
        milestone(
          'jornada',
          '2024-12-08T08:00',
          true,
          'quadratin.com.mx y acueductoonline.com (prensa, dos fuentes)',
        ),
      ],
      AUTHOR,
      at('2024-10-01T10:00'),
    );
    // The Jornada was already so.
    expect(changed).toEqual({ changed: 3, unknown: [] });
    const dates = await datesOf(db, process.id);
    // 20:00 h + 24 h; 18:00 h + 24 h; 9 Nov + 32 days: 21 days to 30 Nov, 11 more.
    expect([dates.get('AT-PRE-9'), dates.get('AT-VOT-7'), dates.get('AT-FIS-4')]).toEqual([
      '2024-12-09T20:00',
      '2024-12-09T18:00',
      '2024-12-11',
    ]);
    expect(dates.get('AT-RTV-7')).toBe('2024-11-09/2024-12-08T08:00'.replace('T08:00', ''));
    const unknown = await fillMilestones(
      db,
      process,
      [milestone('jornda', '2024-12-08', true, 'x')],
      AUTHOR,
      START,
    );
    expect(unknown).toEqual({ changed: 0, unknown: ['jornda'] });
  });
});

describe('the ordinary process 2026-2027, Jornada of 6 June 2027', () => {
  const START = at('2026-09-01T09:00');
  const SOURCES = 'INE, Plan Integral 2026-2027 (por confirmar)';

  // Jornada J: Sunday 6 June 2027, 8:00 h. Start of the process I: Monday 7 September 2026.
  const GOLDEN: [ref: string, due: string, arithmetic: string][] = [
    ['AT-C-4', '2027-05-07', 'J − 30: 6 back to 31 May, 24 more: 31 − 24'],
    ['AT-C-5', '2027-05-06', 'J − 1 month'],
    ['AT-C-9', '2027-04-22', 'J − 45: 6 to 31 May, 31 to 30 Apr, 8 more: 30 − 8'],
    ['AT-D-1', '2026-09-06', 'I − 1 day'],
    ['AT-D-3', '2026-09-17', 'I + 10'],
    ['AT-E-9', '2027-04-25', 'J − 42: 6 to 31 May, 31 to 30 Apr, 5 more: 30 − 5'],
    ['AT-E-10', '2027-02-06', 'J − 4 months'],
    ['AT-F-9', '2027-05-24', 'J − 13: 6 to 31 May, 7 more'],
    ['AT-F-12', '2027-05-31/2027-06-04', 'opens J − 6, closes J − 2'],
    ['AT-F-13', '2027-05-17', 'J − 20: 6 to 31 May, 14 more'],
    ['AT-OBS-4', '2027-07-06', 'J + 30: 24 to 30 June, 6 more'],
    ['AT-DOC-1', '2026-09-06', 'J − 9 months'],
    ['AT-DOC-6', '2027-05-22', 'J − 15: 6 to 31 May, 9 more'],
    [
      'AT-SIJ-4',
      '2027-06-18',
      'J + 10 business days: 7, 8, 9, 10, 11 (five), 14, 15, 16, 17, 18 June; no rest day among them',
    ],
    ['AT-PRE-2', '2026-11-06', 'J − 7 months'],
    ['AT-COM-3', '2027-06-09T08:00', 'J 8:00 h + 72 hours'],
    [
      'AT-RTV-2',
      '2026-11-20',
      'start of precampaigns 4 Jan 2027 − 45: 4 to 31 Dec, 31 to 30 Nov, 10 more: 30 − 10',
    ],
    ['AT-FIS-2', '2027-02-13', 'end of precampaigns 3 Feb 2027 + 10'],
    ['AT-FIS-4', '2027-05-21', 'start of campaigns 19 Apr 2027 + 32: 11 to 30 Apr, 21 more'],
    ['AT-REC-1', '2027-04-07', 'J − 60: 6 to 31 May, 31 to 30 Apr, 23 more: 30 − 23'],
    [
      'AF-FIN-5',
      '2027-05-17',
      'J − 15 business days: 4, 3, 2, 1 June, 31 May (five), 28, 27, 26, 25, 24 (ten), 21, 20, 19, 18, 17 May (fifteen); no rest day among them',
    ],
    ['AT-PRO-1', '2026-10-07', 'I + 30: 23 to 30 Sep, 7 more'],
  ];

  test('gives the dates worked out by hand, all provisional, and says its own years', async () => {
    await copyProcess(db, NEXT, AUTHOR, START);
    const process = await processOf(db, NEXT.key);
    await fillMilestones(
      db,
      process,
      [
        milestone('jornada', '2027-06-06T08:00', false, SOURCES),
        milestone('inicio_proceso_local', '2026-09-07', false, SOURCES),
        milestone('inicio_precampana', '2027-01-04', false, SOURCES),
        milestone('fin_precampana', '2027-02-03', false, SOURCES),
        milestone('inicio_campana', '2027-04-19', false, SOURCES),
      ],
      AUTHOR,
      at('2026-09-01T10:00'),
    );
    const dates = await datesOf(db, process.id);
    expect(GOLDEN.map(([ref]) => [ref, dates.get(ref)])).toEqual(GOLDEN.map(([ref, due]) => [ref, due]));
    const compared = await compareWithSource(db, process);
    expect(compared.filter(({ here }) => here?.first_on).every(({ here }) => here!.provisional)).toBe(true);
    const titles = await db
      .selectFrom('instrument')
      .where('process_id', '=', process.id)
      .select('title')
      .execute();
    expect(titles.map(({ title }) => title)).toContain('Convenio General de Coordinación INE–IEM 2026-2027');
  });
});

describe('what is copied and what stays behind', () => {
  const START = at('2026-09-01T09:00');

  test('texts, obligations, areas, rules and ladders come along; people, evidence and dates do not', async () => {
    const { id: source } = await processOf(db, SOURCE);
    await copyProcess(db, NEXT, AUTHOR, START);
    const { id } = await processOf(db, NEXT.key);
    const count = async (process: number) => {
      const { rows } = await sql<Record<string, number>>`
        select (select count(*) from obligation where process_id = ${process}) as obligations,
          (select count(*) from obligation_area oa join obligation o on o.id = oa.obligation_id where o.process_id = ${process}) as areas,
          (select count(*) from milestone where process_id = ${process}) as milestones,
          (select count(*) from rung join ladder on ladder.id = rung.ladder_id where ladder.process_id = ${process}) as rungs`.execute(
        db,
      );
      return rows[0];
    };
    expect(await count(id)).toEqual(await count(source));
    const instruments = await db
      .selectFrom('instrument')
      .innerJoin('instrument_version as v', 'v.instrument_id', 'instrument.id')
      .where('process_id', '=', id)
      .select(['instrument.key', 'v.version', 'v.in_force_from', 'v.signed_on'])
      .orderBy('instrument.id')
      .execute();
    // The Commission's programme of 2023 is not a text of the next process.
    expect(instruments).toEqual(
      ['CG', 'AT', 'AF'].map((key) => ({ key, version: 1, in_force_from: null, signed_on: null })),
    );
    const facts = await db
      .selectFrom('submission')
      .innerJoin('deadline', 'deadline.id', 'submission.deadline_id')
      .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
      .where('obligation.process_id', '=', id)
      .select('submission.id')
      .execute();
    expect(facts).toEqual([]);
    const dated = (await listMilestonesToFill(db, id)).filter(({ on_date }) => on_date !== null);
    expect(dated).toEqual([]);
  });

  test('no date of the other process is owed: rules that name days wait until somebody says the days of this one', async () => {
    await copyProcess(db, NEXT, AUTHOR, START);
    const process = await processOf(db, NEXT.key);
    const { id: source } = await processOf(db, SOURCE);
    const drafts = await listFixedDates(db, process.id);
    expect(drafts).toHaveLength(57);
    const dates = await datesOf(db, process.id);
    expect(drafts.filter(({ ref }) => dates.has(ref))).toEqual([]);
    expect([...dates.values()].every((date) => date === 'espera')).toBe(true);
    expect(drafts.find(({ ref }) => ref === 'AT-C-2')).toMatchObject({
      sentence: 'Entre el 15 de febrero y el 14 de marzo de 2024',
      dates: [
        { field: 'from', date: '2024-02-15' },
        { field: 'to', date: '2024-03-14' },
      ],
    });
    expect(await daysBetweenJornadas(db, process)).toBeNull();
    await fillMilestones(
      db,
      process,
      [milestone('jornada', '2027-06-06T08:00', false, 'x')],
      AUTHOR,
      at('2026-09-01T10:00'),
    );
    // 2 June 2024 to 6 June 2027: three years of 365 days and 4 more days, without a 29 February: 1095 + 4.
    expect(await daysBetweenJornadas(db, process)).toBe(1099);
    const decided = await decideFixedDates(
      db,
      process,
      [
        { ref: 'AT-C-2', decision: 'dates', dates: { from: '2027-02-15', to: '2027-03-15' } },
        { ref: 'AT-C-1', decision: 'leave_out', reason: 'El calendario ya no la pide' },
      ],
      AUTHOR,
      at('2026-09-01T11:00'),
    );
    expect(decided).toBe(2);
    const now = await datesOf(db, process.id);
    expect(now.get('AT-C-2')).toBe('2027-02-15/2027-03-15');
    expect(now.has('AT-C-1')).toBe(false);
    expect((await datesOf(db, source)).get('AT-C-2')).toBe('2024-02-15/2024-03-14');
    const left = await listFixedDates(db, process.id);
    expect(left.filter(({ left_out }) => left_out === null)).toHaveLength(55);
  });

  test('an obligation can be left out and taken back, with its dates', async () => {
    await copyProcess(db, IRIMBO, AUTHOR, START);
    const process = await processOf(db, IRIMBO.key);
    const later = at('2026-09-01T10:00');
    expect(
      await leaveOut(db, process, 'AT-DOC-1', 'No hay tiempo en una extraordinaria', AUTHOR, later),
    ).toBe(true);
    expect((await datesOf(db, process.id)).has('AT-DOC-1')).toBe(false);
    expect(await leaveOut(db, process, 'AT-DOC-1', null, AUTHOR, later)).toBe(true);
    expect((await datesOf(db, process.id)).get('AT-DOC-1')).toBe('2024-03-08');
    expect(await leaveOut(db, process, 'NADA-1', 'x', AUTHOR, later)).toBe(false);
  });

  test('a key in use is refused, an unknown source too, and nothing is left of the attempt', async () => {
    const before = await listProcesses(db);
    expect(await copyProcess(db, { ...NEXT, key: SOURCE }, AUTHOR, START)).toEqual({ kind: 'key_taken' });
    expect(await copyProcess(db, { ...NEXT, from: 'nada' }, AUTHOR, START)).toEqual({ kind: 'no_source' });
    expect(await listProcesses(db)).toEqual(before);
    await copyProcess(db, NEXT, AUTHOR, START);
    expect(await copyProcess(db, NEXT, AUTHOR, START)).toEqual({ kind: 'key_taken' });
  });
});

describe('until it is published', () => {
  const START = at('2024-10-01T09:00');

  test('nothing is planned, listed or reported; afterwards, only what falls due from then on is told', async () => {
    const seen = await listDeadlines(db, START);
    const report = await overdueReport(db, START);
    const notices = async () => (await rehearsePass(db, START)).notices.length;
    const quiet = await notices();
    await copyProcess(db, IRIMBO, AUTHOR, START);
    const process = await processOf(db, IRIMBO.key);
    expect(await listDeadlines(db, START)).toEqual(seen);
    expect(await overdueReport(db, START)).toEqual(report);
    expect(await notices()).toBe(quiet);
    expect(await db.selectFrom('notice').where('recorded_at', '>=', START.at).select('id').execute()).toEqual(
      [],
    );

    // Moved while it is prepared: what was computed first was never in force.
    await fillMilestones(
      db,
      process,
      [milestone('jornada', '2024-12-15T08:00', true, 'prueba')],
      AUTHOR,
      at('2024-10-01T10:00'),
    );
    await fillMilestones(
      db,
      process,
      [milestone('jornada', '2024-12-08T08:00', true, 'prueba')],
      AUTHOR,
      at('2024-10-01T11:00'),
    );
    const published = at('2024-10-29T10:00');
    const [expected] = await listFirstNotices(db, process, published, 1);
    expect(await publishProcess(db, process, AUTHOR, published)).toMatchObject({ kind: 'published' });
    expect(await publishProcess(db, process, AUTHOR, published)).toEqual({ kind: 'already_published' });

    // At a cut before the publication nobody knew.
    expect(await listDeadlines(db, momentOf(instantOf('2024-10-28T23:00')))).toHaveLength(seen.length);
    const known = await listDeadlines(db, published);
    expect(known.length).toBeGreaterThan(seen.length + 50);
    // The last date of the other process is 4 October; what is planned for later dates is this one's, as foretold.
    const plan = (await rehearsePass(db, published)).notices.filter(({ due_on }) => due_on > '2024-10-04');
    expect(plan).toHaveLength(expected!.notices);
    expect([...new Set(plan.map(({ obligation }) => obligation))].sort()).toEqual([...expected!.refs].sort());
    // Ten days before 8 November.
    expect(expected!.refs).toEqual(expect.arrayContaining(['AT-C-4', 'AT-C-5']));
    // Due on 8 August, before anybody was told: no reminder of it is owed.
    expect(expected!.refs).not.toContain('AT-E-10');
  });

  test('a process with an area nobody stands behind is not published', async () => {
    await copyProcess(db, IRIMBO, AUTHOR, START);
    const process = await processOf(db, IRIMBO.key);
    const gaps = await listAreaGaps(db, process, START.today);
    expect(gaps).toEqual([]);
    await sql`update appointment set until_on = '2024-09-30'`.execute(db);
    const all = await listAreaGaps(db, process, START.today);
    expect(all.length).toBeGreaterThan(20);
    expect(await publishProcess(db, process, AUTHOR, START)).toMatchObject({ kind: 'uncovered' });
    expect(await findProcess(db, IRIMBO.key)).toMatchObject({ published_at: null });
  });

  test('it can be discarded, which frees its key; a published one cannot', async () => {
    await copyProcess(db, NEXT, AUTHOR, START);
    const process = await processOf(db, NEXT.key);
    expect(await discardProcess(db, process, AUTHOR, START)).toBe(true);
    expect(await findProcess(db, NEXT.key)).toBeUndefined();
    expect(await copyProcess(db, NEXT, AUTHOR, START)).toMatchObject({ kind: 'copied' });
    expect(await discardProcess(db, await processOf(db, SOURCE), AUTHOR, START)).toBe(false);
    const verbs = await db.selectFrom('audit_entry').select('verb').orderBy('seq', 'desc').limit(3).execute();
    expect(verbs.map(({ verb }) => verb)).toContain('descartó');
  });
});
