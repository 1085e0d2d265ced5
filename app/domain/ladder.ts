// The ladder of notices: how far from the deadline who is told, and on which morning each rung goes out.
import { attendedDay, nextAttendedDay, type Attention } from './attention.ts';
import { instantPlusMinutes } from './moment.ts';
import { addDays, localDate, type IsoDate } from './plain-date.ts';

export const AUDIENCES = ['responsible', 'deputy', 'head', 'direction', 'technical_secretary'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Which ladder a deadline climbs. */
export const LADDER_CLASSES = ['high', 'medium', 'low', 'hours', 'ine'] as const;
export type LadderClass = (typeof LADDER_CLASSES)[number];

/** The classes among which one chooses: the others follow from who owes and from how the term is counted. */
export const PRIORITIES = ['high', 'medium', 'low'] as const satisfies LadderClass[];
export type Priority = (typeof PRIORITIES)[number];

export interface Rung {
  /** Distance from the deadline as people write it: '-10', '0', '+3', '-24h'. */
  key: string;
  /** Natural days from the due date, or hours from the instant it lapses; negative is before. */
  amount: number;
  unit: 'days' | 'hours';
  kind: 'reminder' | 'escalation';
  audience: readonly Audience[];
}

/** What a ladder says from a day on; it never reaches back. */
export interface LadderVersion {
  from_on: IsoDate;
  rungs: readonly Rung[];
}

/** All versions of the ladder of one class, oldest first. */
export type Ladder = readonly LadderVersion[];

/** A rung of one deadline with the morning it goes out on. */
export interface RungDay {
  rung: Rung;
  /** The day the rung falls on, read or not. */
  falls_on: IsoDate;
  /** The day on which it goes out. */
  on: IsoDate;
}

/** Longest distances a rung may have. */
export const LONGEST_RUNG = { days: 90, hours: 96 } as const;

/** `-10`, `0`, `+3`, `-24h`. */
export function rungKey(amount: number, unit: Rung['unit']): string {
  return `${amount > 0 ? '+' : ''}${amount}${unit === 'hours' ? 'h' : ''}`;
}

/** The distance in hours: which of two rungs is the later one. */
export function hoursOf({ amount, unit }: Pick<Rung, 'amount' | 'unit'>): number {
  return unit === 'days' ? amount * 24 : amount;
}

function rung(amount: number, unit: Rung['unit'], ...audience: Audience[]): Rung {
  return { key: rungKey(amount, unit), amount, unit, kind: amount > 0 ? 'escalation' : 'reminder', audience };
}

const AREA = ['responsible', 'deputy'] as const;
const HEAD = [...AREA, 'head'] as const;
const DIRECTION = [...HEAD, 'direction'] as const;
const SECRETARY = [...DIRECTION, 'technical_secretary'] as const;

/** The ladder every class but the one in hours starts with; each step after the date adds one more level. */
export const DEFAULT_LADDER: readonly Rung[] = [
  rung(-10, 'days', ...AREA),
  rung(-5, 'days', ...AREA),
  rung(-1, 'days', ...AREA),
  rung(0, 'days', ...AREA),
  rung(1, 'days', ...HEAD),
  rung(3, 'days', ...DIRECTION),
  rung(5, 'days', ...SECRETARY),
];

/** What is counted in hours is told in hours, and climbs faster. */
const HOURS_LADDER: readonly Rung[] = [
  rung(-10, 'days', ...AREA),
  rung(-5, 'days', ...AREA),
  rung(-24, 'hours', ...AREA),
  rung(-4, 'hours', ...AREA),
  rung(1, 'hours', ...HEAD),
  rung(1, 'days', ...DIRECTION),
  rung(3, 'days', ...SECRETARY),
];

/** The ladder a new process starts with. */
export function startingLadder(name: LadderClass): readonly Rung[] {
  return name === 'hours' ? HOURS_LADDER : DEFAULT_LADDER;
}

/**
 * The class of a deadline: what the INE owes climbs its own ladder; then what its rule counts in hours and lapses at
 * an hour; the rest by priority. Its SQL twin is in db/ladders.ts (test/db/notice-plan.test.ts).
 */
export function ladderClass(deadline: {
  obligor: 'INE' | 'IEM' | 'both';
  priority: Priority;
  due_time: string | null;
  in_hours: boolean;
}): LadderClass {
  if (deadline.obligor === 'INE') return 'ine';
  return deadline.in_hours && deadline.due_time !== null ? 'hours' : deadline.priority;
}

/** The stretch of days in which each version is the newest one in force: `until` is not part of it. */
export function periods(ladder: Ladder): { version: LadderVersion; from: IsoDate; until: IsoDate | null }[] {
  return ladder.flatMap((version, index) => {
    const until = ladder
      .slice(index + 1)
      .map(({ from_on }) => from_on)
      .sort()[0];
    return until !== undefined && until <= version.from_on
      ? []
      : [{ version, from: version.from_on, until: until ?? null }];
  });
}

/**
 * The mornings on which the rungs in days of one version go out. What falls on or before the due date goes out on the
 * last day of attention before it; what comes after, on the first one after it, and each escalation on a morning of
 * its own: a weekend must not use up the steps of the ladder.
 */
export function rungDays(rungs: readonly Rung[], due_on: IsoDate, attention: Attention): RungDay[] {
  const days: RungDay[] = [];
  for (const step of [...rungs].sort((a, b) => hoursOf(a) - hoursOf(b))) {
    if (step.unit === 'hours') continue;
    const falls_on = addDays(due_on, step.amount);
    if (step.amount <= 0) {
      days.push({ rung: step, falls_on, on: attendedDay(attention, falls_on, 'before') });
      continue;
    }
    const before = days.at(-1);
    const on = attendedDay(attention, falls_on, 'after');
    const taken = before !== undefined && before.rung.amount > 0 && before.on >= on;
    days.push({ rung: step, falls_on, on: taken ? nextAttendedDay(attention, before.on) : on });
  }
  return days;
}

/** The mornings of a whole ladder: each version's rungs that go out while it is in force. */
export function ladderDays(ladder: Ladder, due_on: IsoDate, attention: Attention): RungDay[] {
  return periods(ladder).flatMap(({ version, from, until }) =>
    rungDays(version.rungs, due_on, attention).filter(
      ({ on }) => on >= from && (until === null || on < until),
    ),
  );
}

/** The next rung that has not come yet: with its day, and its instant when it is counted in hours. */
export function nextRung(
  ladder: Ladder,
  { due_on, lapses_at }: { due_on: IsoDate; lapses_at: string | null },
  { at, today }: { at: string; today: IsoDate },
  attention: Attention,
  kind?: Rung['kind'],
): { rung: Rung; on: IsoDate; at?: string } | undefined {
  const inDays = ladderDays(ladder, due_on, attention).filter(({ on }) => on > today);
  const inHours = lapses_at === null ? [] : hourRungs(ladder, lapses_at);
  return [...inDays, ...inHours.filter((step) => Date.parse(step.at) > Date.parse(at))]
    .filter(({ rung: step }) => kind === undefined || step.kind === kind)
    .sort((a, b) => a.on.localeCompare(b.on) || hoursOf(a.rung) - hoursOf(b.rung))[0];
}

/** Rungs of one deadline with the day on which each goes out. */
export interface RungChanges {
  /** Those that no longer go out. */
  gone: { rung: Rung; on: IsoDate }[];
  /** Those that go out instead. */
  added: { rung: Rung; on: IsoDate }[];
}

/** What another ladder changes for one deadline from that day on; a rung that says the same to others is a change. */
export function rungChanges(
  before: Ladder,
  after: Ladder,
  { due_on, lapses_at }: { due_on: IsoDate; lapses_at: string | null },
  from: IsoDate,
  attention: Attention,
): RungChanges {
  const coming = (ladder: Ladder): RungChanges['gone'] =>
    [
      ...ladderDays(ladder, due_on, attention),
      ...(lapses_at === null ? [] : hourRungs(ladder, lapses_at)),
    ].filter(({ on }) => on >= from);
  const said = ({ rung: { key, audience }, on }: RungChanges['gone'][number]) =>
    [on, key, ...audience].join(' ');
  const without = (steps: RungChanges['gone'], others: RungChanges['gone']) => {
    const known = new Set(others.map(said));
    return steps.filter((step) => !known.has(said(step)));
  };
  const [old, chosen] = [coming(before), coming(after)];
  return { gone: without(old, chosen), added: without(chosen, old) };
}

/** The rungs in hours with the instants (ISO, UTC) at which they go out, whatever the day. */
function hourRungs(ladder: Ladder, lapses_at: string): { rung: Rung; on: IsoDate; at: string }[] {
  return periods(ladder).flatMap(({ version, from, until }) =>
    version.rungs.flatMap((step) => {
      if (step.unit !== 'hours') return [];
      const at = instantPlusMinutes(lapses_at, step.amount * 60);
      const on = localDate(at);
      return on >= from && (until === null || on < until) ? [{ rung: step, on, at }] : [];
    }),
  );
}

/** Who a rung adds to the ones before it, in words that follow "se avisará a". */
export function rungAddressee(step: Pick<Rung, 'audience'>): string {
  if (step.audience.includes('technical_secretary')) return 'la Secretaría Técnica de la Comisión';
  if (step.audience.includes('direction')) return 'la Dirección de Vinculación';
  if (step.audience.includes('head')) return 'la persona titular del área';
  return 'la persona responsable y su suplente';
}

const BRIEF_ADDRESSEES: Record<string, string> = {
  'la Secretaría Técnica de la Comisión': 'la Secretaría Técnica',
  'la Dirección de Vinculación': 'la Dirección',
  'la persona titular del área': 'su titular',
};

/** Such words as briefly as the subject of a mail needs them. */
export const briefAddressee = (words: string): string => BRIEF_ADDRESSEES[words] ?? words;

/** `10 días antes`, `el día del vencimiento`, `4 horas antes`, `3 días después`. */
export function rungWords({ amount, unit }: Pick<Rung, 'amount' | 'unit'>): string {
  if (amount === 0) return 'el día del vencimiento';
  const size = Math.abs(amount);
  const noun = unit === 'days' ? 'día' : 'hora';
  return `${size} ${noun}${size === 1 ? '' : 's'} ${amount < 0 ? 'antes' : 'después'}`;
}

/** The rungs in one line, as a sentence goes on after "avisa": each level of people with the days it is told on. */
export function ladderWords(rungs: readonly Rung[]): string {
  const levels = new Map<string, string[]>();
  for (const step of [...rungs].sort((a, b) => hoursOf(a) - hoursOf(b))) {
    const addressee = rungAddressee(step);
    levels.set(addressee, [...(levels.get(addressee) ?? []), rungWords(step)]);
  }
  const all = new Intl.ListFormat('es-MX', { type: 'conjunction' });
  return [...levels]
    .map(([addressee, days], index) => `${all.format(days)}, ${index > 0 ? 'también ' : ''}a ${addressee}`)
    .join('; ');
}

/** Reads a rung's key as it is kept in the ledger; undefined for anything else. */
export function parseRungKey(key: string): Pick<Rung, 'amount' | 'unit'> | undefined {
  const match = /^([+-]?\d+)(h?)$/.exec(key);
  return match ? { amount: Number(match[1]), unit: match[2] ? 'hours' : 'days' } : undefined;
}
