// Deadlines: from a rule and the milestones it counts from to dates, each with the derivation behind it.
import { isOpen, type OpenPeriod, type WorkingCalendar } from './business-days.ts';
import {
  milestonesOf,
  RuleError,
  type DeadlineRule,
  type RuleOf,
  type Unit,
  type WindowEnd,
} from './deadline-rule.ts';
import { formatDateAndTime, type Derived, type Step } from './derivation.ts';
import { formatLongDate, TIME_ZONE, type IsoDate } from './plain-date.ts';
import { parseRecurrence } from './recurrence.ts';
import { expandRecurrence } from './recurrence-dates.ts';
import { recurrenceWords } from './recurrence-words.ts';
import { closeTrail, doubt, noteDays, openTrail, position, state, take, type Trail } from './trail.ts';

/** What a term is counted from: a milestone, or the date of another obligation. */
export interface Anchor {
  key: string;
  name: string;
  /** Null while nobody knows it. */
  date: IsoDate | null;
  /** Local `HH:MM`, when the hour is known. */
  time?: string;
  /** False makes every date counted from it provisional. */
  firm: boolean;
  source: string;
}

export interface RuleContext {
  anchor(key: string): Anchor | undefined;
  calendar: WorkingCalendar;
  /** The electoral process, for rules counted `by_process`; `fixed_at` says when the way of counting is decided. */
  process?: OpenPeriod & { fixed_at: 'anchor' | 'each_day' };
  /** Every time the trigger of an `each` rule has happened; those without date are left aside. */
  occurrences?(trigger: string): (Anchor & { id: string })[];
  /** Zone in which hours are counted; America/Mexico_City unless said otherwise. */
  time_zone?: string;
  /** The sentence of the instrument, which opens the derivation. */
  sentence?: { text: string; source: string };
}

export interface DeadlineInstance extends Derived {
  /** `unica`; in a recurrence its date before any roll; in `each` the id of the occurrence. */
  key: string;
  /** Why the date may not be stated as firm, in Spanish; empty when it may. */
  provisional: string[];
  steps: Step[];
}

export type RuleResult =
  | { kind: 'dated'; instances: DeadlineInstance[] }
  /** The milestone (or the trigger) `for` has no date yet. */
  | { kind: 'waiting'; for: string; steps: Step[] }
  | { kind: 'undated'; steps: Step[] };

type Dated = Anchor & { date: IsoDate };
type SingleRule = Exclude<DeadlineRule, { type: 'each' | 'recurring' | 'standing' }>;
type Term = Pick<RuleOf<'each'>, 'amount' | 'unit' | 'direction' | 'month_overflow'> & {
  clear_days?: boolean;
};

/** How days are counted from some day on: all of them, or the working ones, those of `open` being all working. */
interface Regime {
  unit: 'days' | 'business_days';
  open?: OpenPeriod;
}

/**
 * The dates of a rule. *n* days before is plain subtraction; *n* days after starts the day after (LGSMIME
 * 8.1); hours run moment to moment (7.1); months end on the same day number (CFPC 292); days, weeks and
 * months give a day without hour. Pure and total on valid rules: what cannot be dated throws RuleError (an
 * unknown milestone, hours from a day without hour, a date outside 2000-2100, an end before its start, a
 * week the month does not have, more than 500 dates).
 */
export function computeDeadline(rule: DeadlineRule, context: RuleContext): RuleResult {
  const anchors = milestonesOf(rule).map(({ key, field }) => knownAnchor(context, key, field));
  if (!anchors.every(isDated)) return waitingFor(anchors, context);
  switch (rule.type) {
    case 'standing': {
      const trail = trailOf(context);
      state(trail, { op: 'standing' }, 'Deber permanente: no tiene una fecha propia.');
      return { kind: 'undated', steps: trail.steps };
    }
    case 'recurring':
      return { kind: 'dated', instances: recurring(rule, context) };
    case 'each':
      return each(rule, context);
    default:
      return { kind: 'dated', instances: [single(rule, context)] };
  }
}

function single(rule: SingleRule, context: RuleContext): DeadlineInstance {
  const trail = trailOf(context);
  const regime = reach(trail, rule, context);
  return finish(trail, 'unica', rule, regime);
}

/** Takes the trail to the date of a rule that has only one, before any roll; answers the regime at its anchor. */
function reach(trail: Trail, rule: SingleRule, context: RuleContext): Regime {
  switch (rule.type) {
    case 'on':
      return reachEnd(trail, rule, rule, context, 'date');
    case 'between':
      reachEnd(trail, rule.from, rule, context, 'from');
      take(trail, { op: 'open' }, 'from');
      return reachEnd(trail, rule.to, rule, context, 'to');
    case 'week_of_month': {
      const { year, month, n } = rule;
      const failure = 'Ese mes no tiene tantas semanas completas de lunes a domingo';
      take(trail, { op: 'week', year, month, n }, 'n', { failure });
      return regimeHere(trail, rule, context);
    }
    case 'duration': {
      start(trail, dayOf(datedAnchor(context, rule.milestone)));
      const regime = regimeHere(trail, rule, context);
      if (!rule.count_first) take(trail, { op: 'count', unit: 'days', amount: 1 }, 'amount');
      take(trail, { op: 'open' }, 'amount');
      const days = inDays(rule.unit, regime);
      take(trail, { op: 'count', amount: rule.amount, includes_first: true, ...days }, 'amount');
      return regime;
    }
    case 'offset':
    case 'chain': {
      start(trail, datedAnchor(context, rule.milestone));
      const regime = regimeHere(trail, rule, context);
      if (rule.type === 'offset') runTerm(trail, rule, regime, context, { path: '', from: 'milestone' });
      else {
        rule.steps.forEach((step, i) => {
          const path = `steps.${i}.`;
          const term = { ...step, month_overflow: rule.month_overflow };
          runTerm(trail, term, regime, context, { path, from: i === 0 ? 'milestone' : `${path}unit` });
        });
      }
      return regime;
    }
  }
}

function each(rule: RuleOf<'each'>, context: RuleContext): RuleResult {
  const occurrences = (context.occurrences?.(rule.trigger) ?? []).filter(isDated);
  if (occurrences.length === 0) {
    const name = context.anchor(rule.trigger)?.name ?? rule.trigger;
    return waitingFor([{ key: rule.trigger, name, date: null, firm: false, source: '' }], context);
  }
  const instances = occurrences.map((occurrence) => {
    const trail = trailOf(context);
    start(trail, occurrence);
    const regime = regimeHere(trail, rule, context);
    runTerm(trail, rule, regime, context, { path: '', from: 'trigger' });
    return finish(trail, occurrence.id, rule, regime);
  });
  return { kind: 'dated', instances };
}

function recurring(rule: RuleOf<'recurring'>, context: RuleContext): DeadlineInstance[] {
  const head = trailOf(context);
  const regime = reachEnd(head, rule.from, rule, context, 'from', 'from');
  const from = position(head).date;
  if (rule.until) reachEnd(head, rule.until, rule, context, 'until', 'until');
  const until = rule.until && position(head).date;
  if (until !== undefined && until < from) throw new RuleError('until', 'El fin es anterior al inicio');

  const recurrence = parseRecurrence(rule.rrule);
  if (!recurrence.ok) throw new RuleError('rrule', recurrence.message);
  // A date that is going to be rolled must not have been left out before.
  const rolls = rule.roll !== 'none' && recurrence.value.bySetPos.length === 0;
  const picks = regime.unit === 'business_days' && !rolls;
  const said = recurrenceWords(recurrence.value, picks ? 'working' : 'any');
  const words = said.charAt(0).toUpperCase() + said.slice(1);
  const among = picks ? { calendar: context.calendar, open: regime.open } : undefined;
  const dates = expandRecurrence(recurrence.value, { from, until }, among);
  if (!dates.ok) throw new RuleError('rrule', dates.message);
  return dates.value.map(({ date, skipped, unconfirmed }) => {
    const trail = { ...head, steps: [...head.steps], provisional: [...head.provisional] };
    take(trail, { op: 'occurrence', rrule: rule.rrule, words, date }, 'rrule');
    noteDays(trail, skipped, unconfirmed);
    return finish(trail, date, rule, regime);
  });
}

/** Runs one term. `path` is the prefix of its fields in the rule, `from` the field that says what it starts at. */
function runTerm(
  trail: Trail,
  term: Term,
  regime: Regime,
  context: RuleContext,
  { path, from }: { path: string; from: string },
): void {
  const { unit, direction } = term;
  const whole = term.clear_days ? term.amount + 1 : term.amount;
  const amount = direction === 'before' ? 0 - whole : whole;
  const field = `${path}amount`;
  switch (unit) {
    case 'hours': {
      const here = position(trail);
      if (here.time === undefined) {
        const day = formatDateAndTime(here);
        throw new RuleError(from, `El plazo se cuenta en horas y su inicio (${day}) no tiene hora`);
      }
      const time_zone = context.time_zone ?? TIME_ZONE;
      return take(trail, { op: 'count', unit, amount, time_zone }, field);
    }
    case 'days':
    case 'business_days': {
      const clear = term.clear_days ? { clear_days: term.amount } : {};
      return take(trail, { op: 'count', amount, ...inDays(unit, regime), ...clear }, field);
    }
    case 'weeks':
      return take(trail, { op: 'count', unit, amount }, field);
    case 'months': {
      const { month_overflow } = term;
      if (month_overflow === 'clamp') return take(trail, { op: 'count', unit, amount }, field);
      const open = regime.open && { open: regime.open };
      return take(trail, { op: 'count', unit, amount, month_overflow, ...open }, field);
    }
  }
}

/** Goes to a date, or to the day of a milestone plus days, and to the hour if one is said. */
function reachEnd(
  trail: Trail,
  end: WindowEnd,
  rule: Pick<DeadlineRule, 'counting' | 'roll'>,
  context: RuleContext,
  field: string,
  series?: 'from' | 'until',
): Regime {
  if ('milestone' in end) start(trail, dayOf(datedAnchor(context, end.milestone)));
  else take(trail, { op: 'date', date: end.date, ...(series && { end: series }) }, field);
  const regime = regimeHere(trail, rule, context);
  if ('milestone' in end && end.days !== 0) {
    take(trail, { op: 'count', amount: end.days, ...inDays('days', regime) }, `${field}.days`);
  }
  if (end.time) take(trail, { op: 'hour', time: end.time }, `${field}.time`);
  return regime;
}

/**
 * The way of counting days from where the trail stands. While an electoral process is open every day counts
 * (LGSMIME 7.1), outside it only working days do (7.2); a term that runs across its start or end is decided
 * once, by the day it is counted from, or day by day.
 */
function regimeHere(
  trail: Trail,
  { counting }: Pick<DeadlineRule, 'counting'>,
  context: RuleContext,
): Regime {
  if (counting === 'natural') return { unit: 'days' };
  if (counting === 'business') return { unit: 'business_days' };
  const { process } = context;
  if (!process) throw new RuleError('counting', 'Falta el proceso electoral del que depende el cómputo');
  const open: OpenPeriod = { start: process.start, end: process.end };
  if (process.fixed_at === 'each_day') {
    const end = open.end ? `al ${formatLongDate(open.end)}` : 'en adelante';
    const period = `del ${formatLongDate(open.start)} ${end}`;
    const text = `Durante el proceso electoral (${period}) cuentan todos los días; fuera de él, sólo los hábiles.`;
    state(trail, { op: 'regime' }, text, 'LGSMIME, art. 7');
    return { unit: 'business_days', open };
  }
  const { date } = position(trail);
  if (isOpen(open, date)) {
    const text = `El ${formatLongDate(date)} el proceso electoral está abierto: cuentan todos los días.`;
    state(trail, { op: 'regime' }, text, 'LGSMIME, art. 7, párrafo 1');
    return { unit: 'days', open };
  }
  const text = `El ${formatLongDate(date)} no hay proceso electoral abierto: sólo cuentan los días hábiles.`;
  state(trail, { op: 'regime' }, text, 'LGSMIME, art. 7, párrafo 2');
  return { unit: 'business_days' };
}

/** The unit days are counted in: an explicit working day is one, unless an open process makes them all so. */
function inDays(unit: 'days' | 'business_days', regime: Regime): { unit: Unit; open?: OpenPeriod } {
  if (regime.unit === 'days') return { unit: regime.open ? 'days' : unit };
  return { unit: 'business_days', ...(regime.open && { open: regime.open }) };
}

function trailOf({ calendar, sentence }: RuleContext): Trail {
  return openTrail(calendar, sentence);
}

function start(trail: Trail, { key, name, date, time, firm, source }: Dated): void {
  take(trail, { op: 'anchor', key, name, date, ...(time && { time }), firm }, 'milestone', { source });
  if (!firm) doubt(trail, `La fecha de «${name}» es provisional`);
}

function finish(
  trail: Trail,
  key: string,
  { roll }: Pick<DeadlineRule, 'roll'>,
  { open }: Regime,
): DeadlineInstance {
  const derived = closeTrail(trail, roll, open);
  return { key, ...derived, provisional: trail.provisional, steps: trail.steps };
}

/** Says what is known of the anchors and what is not; `for` is the first that has no date. */
function waitingFor(anchors: Anchor[], context: RuleContext): RuleResult {
  const trail = trailOf(context);
  const [waited] = anchors.filter((anchor) => !isDated(anchor));
  if (!waited) throw new TypeError('every anchor has a date');
  for (const anchor of anchors) {
    const { key, name } = anchor;
    if (isDated(anchor)) start(trail, dayOf(anchor));
    else state(trail, { op: 'waiting', key, name }, `${name}: aún sin fecha; el plazo queda en espera.`);
  }
  return { kind: 'waiting', for: waited.key, steps: trail.steps };
}

function knownAnchor(context: RuleContext, key: string, field: string): Anchor {
  const anchor = context.anchor(key);
  if (!anchor) throw new RuleError(field, `No existe el hito «${key}»`);
  return anchor;
}

function datedAnchor(context: RuleContext, key: string): Dated {
  const anchor = context.anchor(key);
  if (!anchor || !isDated(anchor)) throw new TypeError(`${key} had a date a moment ago`);
  return anchor;
}

function dayOf({ key, name, date, firm, source }: Dated): Dated {
  return { key, name, date, firm, source };
}

function isDated<A extends Anchor>(anchor: A): anchor is A & { date: IsoDate } {
  return anchor.date !== null;
}
