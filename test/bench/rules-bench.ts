// Rules to dates with their derivation, against expanding the same recurrences with `rrule` alone.
import * as rruleModule from 'rrule';
import { officialNonWorkingDays, workingCalendar } from '../../app/domain/business-days.ts';
import { computeDeadline } from '../../app/domain/deadline.ts';
import { parseDeadlineRule } from '../../app/domain/deadline-rule.ts';
import { parseRecurrence } from '../../app/domain/recurrence.ts';
import { expandRecurrence } from '../../app/domain/recurrence-dates.ts';
import { inTurns } from './measure.ts';
import type { Row } from './report.ts';

const { rrulestr } =
  (rruleModule as typeof rruleModule & { default?: typeof rruleModule }).default ?? rruleModule;

/** Three years, as the longest convenio might last. */
const FROM = '2023-09-01';
const UNTIL = '2026-08-31';
const TIMES = 20;
const RRULES = [
  'FREQ=MONTHLY;BYMONTHDAY=-1',
  'FREQ=MONTHLY;BYMONTHDAY=15,-1',
  'FREQ=MONTHLY;BYDAY=2WE',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
  'FREQ=WEEKLY;BYDAY=FR',
  'FREQ=DAILY;INTERVAL=15',
  'FREQ=YEARLY;BYMONTH=4,8,12;BYMONTHDAY=-1',
];

const calendar = workingCalendar([2023, 2024, 2025, 2026].flatMap((year) => officialNonWorkingDays(year)));

/** Both must find as many dates: none of these rules leaves a holiday out. */
export async function benchRules(): Promise<Row[]> {
  const dates = count(expandOurs);
  if (dates !== count(expandBare)) throw new Error('The expansions differ');
  const repeated = (expand: (rrule: string) => number) => () => {
    for (let time = 0; time < TIMES; time += 1) count(expand);
    return Promise.resolve();
  };
  const turns = { rounds: 7, seconds: 30 };
  const [ours, bare] = await inTurns([repeated(expandOurs), repeated(expandBare)], turns);
  const [derived, again] = await inTurns([repeated(deriveOurs), repeated(expandBare)], turns);
  const size = `${RRULES.length * TIMES} rules, ${(dates * TIMES).toLocaleString('en')} dates`;
  return [
    { measure: 'recurrences to dates', size, ours: ours!, bare: bare! },
    { measure: 'recurrences to dates with derivation', size, ours: derived!, bare: again! },
  ];
}

function count(expand: (rrule: string) => number): number {
  return RRULES.reduce((sum, rrule) => sum + expand(rrule), 0);
}

function expandOurs(rrule: string): number {
  const read = parseRecurrence(rrule);
  const found = read.ok ? expandRecurrence(read.value, { from: FROM, until: UNTIL }) : read;
  return found.ok ? found.value.length : 0;
}

function deriveOurs(rrule: string): number {
  const read = parseDeadlineRule({ type: 'recurring', rrule, from: FROM, until: UNTIL });
  const result = read.ok ? computeDeadline(read.rule, { anchor: () => undefined, calendar }) : undefined;
  return result?.kind === 'dated' ? result.instances.length : 0;
}

function expandBare(rrule: string): number {
  const compact = (day: string) => `${day.replaceAll('-', '')}T000000Z`;
  return rrulestr(`DTSTART:${compact(FROM)}\nRRULE:${rrule};UNTIL=${compact(UNTIL)}`).all().length;
}
