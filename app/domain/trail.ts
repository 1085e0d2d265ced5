// The trail: a derivation while it is being written, step by step, with the reasons to doubt its date.
import type { NonWorkingDay, OpenPeriod, WorkingCalendar } from './business-days.ts';
import { RuleError, type DeadlineRule } from './deadline-rule.ts';
import {
  derivedOf,
  execute,
  formatDateAndTime,
  tell,
  type Derived,
  type Operation,
  type Progress,
  type Statement,
  type Step,
} from './derivation.ts';
import { FIRST_YEAR, formatLongDate, LAST_YEAR, type DateAndTime } from './plain-date.ts';

export interface Trail {
  calendar: WorkingCalendar;
  steps: Step[];
  /** Spanish reasons why the date may not be stated as firm. */
  provisional: string[];
  progress?: Progress;
}

/** A new trail; the sentence of the instrument, when there is one, opens it. */
export function openTrail(calendar: WorkingCalendar, sentence?: { text: string; source: string }): Trail {
  const trail: Trail = { calendar, steps: [], provisional: [] };
  if (sentence) state(trail, { op: 'clause' }, `«${sentence.text}»`, sentence.source);
  return trail;
}

/** Runs an operation, writes its step and those of the days it left out; `field` is the one at fault if it fails. */
export function take(
  trail: Trail,
  operation: Operation,
  field: string,
  { source, failure }: { source?: string | undefined; failure?: string } = {},
): void {
  try {
    const { skipped, unconfirmed, ...after } = execute(trail.progress, operation, trail.calendar);
    trail.steps.push({
      ...operation,
      text: tell(operation, trail.progress, after),
      ...(source !== undefined && { source }),
    });
    trail.progress = after;
    noteDays(trail, skipped, unconfirmed);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RuleError(field, failure ?? `El resultado sale de los años ${FIRST_YEAR} a ${LAST_YEAR}`);
  }
}

/** Writes a step that only states something. */
export function state(trail: Trail, statement: Statement, text: string, source?: string): void {
  trail.steps.push({ ...statement, text, ...(source !== undefined && { source }) });
}

/** Why a date that asked whether a day of that year works is provisional. */
export function unconfirmedYear(year: number): string {
  return `Los días inhábiles de ${year} no están confirmados`;
}

/** Writes the working-calendar facts a date rested on: days left out, years whose list nobody confirmed. */
export function noteDays(trail: Trail, skipped: readonly NonWorkingDay[], years: readonly number[]): void {
  for (const { day, name, source } of skipped) {
    state(trail, { op: 'exclude', day, name }, `No cuenta el ${formatLongDate(day)}: ${name}.`, source);
  }
  for (const year of years) doubt(trail, unconfirmedYear(year));
}

/** Adds a reason why the date may not be stated as firm, once. */
export function doubt(trail: Trail, reason: string): void {
  if (!trail.provisional.includes(reason)) trail.provisional.push(reason);
}

/** Where the trail stands. */
export function position({ progress }: Trail): DateAndTime {
  if (!progress) throw new TypeError('the trail has no start');
  return progress.at;
}

/** Rolls the last day if the rule says so (LFPA 29 speaks of the last day only) and writes the result. */
export function closeTrail(trail: Trail, roll: DeadlineRule['roll'], open?: OpenPeriod): Derived {
  checkOrder(trail, 'to');
  if (roll !== 'none') {
    const source = roll === 'next' ? 'LFPA, art. 29 (por analogía)' : undefined;
    take(trail, { op: 'roll', direction: roll, ...(open && { open }) }, 'roll', { source });
    checkOrder(trail, 'roll');
  }
  const derived = derivedOf(trail.progress);
  const due = formatDateAndTime(position(trail));
  const opens = trail.progress?.opens;
  const text = opens ? `Del ${formatDateAndTime(opens)} al ${due}.` : `Vence el ${due}.`;
  state(trail, { op: 'result', ...derived }, text);
  return derived;
}

function checkOrder(trail: Trail, field: string): void {
  const due = position(trail);
  const opens = trail.progress?.opens;
  if (!opens) return;
  const earlierSameDay = due.date === opens.date && due.time && opens.time && due.time < opens.time;
  if (due.date >= opens.date && !earlierSameDay) return;
  const [end, beginning] = [formatDateAndTime(due), formatDateAndTime(opens)];
  throw new RuleError(field, `La fecha límite (${end}) es anterior al inicio (${beginning})`);
}
