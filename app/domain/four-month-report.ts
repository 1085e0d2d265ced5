// The four-month report: the INE's four states of what was due in the period, counted one way for month and area.
import type { DeadlineStatus } from './deadline-status.ts';
import { addDays, addMonths, type IsoDate, type Parsed } from './plain-date.ts';

/** The INE's states of an activity in its follow-up of the Plan Integral y Calendario. */
export const INE_STATES = ['to_start', 'in_progress', 'overdue', 'concluded'] as const;
export type IneState = (typeof INE_STATES)[number];

export const INE_STATE_WORDS: Record<IneState, string> = {
  to_start: 'Por iniciar',
  in_progress: 'En proceso',
  overdue: 'Fuera de plazo',
  concluded: 'Concluida',
};

export interface FourMonthPeriod {
  year: number;
  number: 1 | 2 | 3;
  from: IsoDate;
  to: IsoDate;
  /** `2024-01`… */
  months: string[];
}

/** January–April, May–August, September–December: the periods of the Institute's four-month reports. */
export function fourMonthPeriod(year: number, number: 1 | 2 | 3): FourMonthPeriod {
  const from = `${year}-${String(4 * number - 3).padStart(2, '0')}-01`;
  const months = [0, 1, 2, 3].map((step) => addMonths(from, step).slice(0, 7));
  return { year, number, from, to: addDays(addMonths(from, 4), -1), months };
}

/** Reads the year and the period asked for; nothing written is the period of `today`. A later one is refused. */
export function parsePeriod(year: string, number: string, today: IsoDate): Parsed<FourMonthPeriod> {
  const current = fourMonthPeriod(
    Number(today.slice(0, 4)),
    Math.ceil(Number(today.slice(5, 7)) / 4) as 1 | 2 | 3,
  );
  if (year.trim() === '' && number.trim() === '') return { ok: true, value: current };
  if (!/^20\d\d$/.test(year.trim())) return { ok: false, message: 'Escribe el año con cuatro cifras' };
  if (!/^[123]$/.test(number.trim())) return { ok: false, message: 'El periodo es 1, 2 o 3' };
  const period = fourMonthPeriod(Number(year), Number(number) as 1 | 2 | 3);
  if (period.from > today) return { ok: false, message: 'Ese periodo aún no empieza' };
  return { ok: true, value: period };
}

/**
 * The INE's state. What has a window begins on its first day; what has none, when it becomes *por vencer*. A report
 * under review is in process. Null for what is not counted: waived, or waiting for an event.
 */
export function ineState(
  { status, opens_on }: { status: DeadlineStatus; opens_on: IsoDate | null },
  today: IsoDate,
): IneState | null {
  switch (status) {
    case 'concluded_on_time':
    case 'concluded_late':
      return 'concluded';
    case 'overdue':
      return 'overdue';
    case 'in_review':
    case 'due_soon':
      return 'in_progress';
    case 'on_track':
      return opens_on !== null && opens_on <= today ? 'in_progress' : 'to_start';
    case 'waived':
    case 'waiting':
      return null;
  }
}

export interface StateCounts extends Record<IneState, number> {
  total: number;
  concluded_on_time: number;
}

export interface CountedDeadline {
  status: DeadlineStatus;
  opens_on: IsoDate | null;
  due_on: IsoDate;
  obligor: 'INE' | 'IEM' | 'both';
  /** Name and institution of the responsible area, in full and for a narrow place. */
  area: string;
  area_short: string;
}

/** A date that moved: what it was, what it is, and the act that ordered it where there was one. */
export interface DateChange {
  id: number;
  ref: string;
  title: string;
  from: IsoDate | null;
  to: IsoDate | null;
  recorded_on: IsoDate;
  act: string | null;
}

export interface FourMonthReport {
  format: 1;
  period: FourMonthPeriod;
  /** The electoral process it is about; null while only one is published. */
  process: { key: string; name: string } | null;
  cut: { at: string; day: IsoDate };
  all: StateCounts;
  by_month: { month: string; counts: StateCounts }[];
  by_area: { area: string; short: string; counts: StateCounts }[];
  /** OPL is what the IEM owes, alone or with the INE. */
  by_party: { party: 'OPL' | 'INE'; counts: StateCounts }[];
  waived: number;
  date_changes: DateChange[];
}

/** Counts deadlines by state; waived and waiting ones are left out. */
export function countStates(rows: Iterable<CountedDeadline>, today: IsoDate): StateCounts {
  const counts: StateCounts = {
    total: 0,
    to_start: 0,
    in_progress: 0,
    overdue: 0,
    concluded: 0,
    concluded_on_time: 0,
  };
  for (const row of rows) {
    const state = ineState(row, today);
    if (state === null) continue;
    counts[state] += 1;
    counts.total += 1;
    if (row.status === 'concluded_on_time') counts.concluded_on_time += 1;
  }
  return counts;
}

/** The report of a period from the deadlines due in it, as they stood at the cut. */
export function fourMonthReport(
  period: FourMonthPeriod,
  cut: FourMonthReport['cut'],
  rows: CountedDeadline[],
  date_changes: DateChange[],
  process: FourMonthReport['process'] = null,
): FourMonthReport {
  const counts = (choose: (row: CountedDeadline) => boolean) => countStates(rows.filter(choose), cut.day);
  const areas = [...new Map(rows.map(({ area, area_short }) => [area, area_short]))].sort(([a], [b]) =>
    a.localeCompare(b, 'es'),
  );
  return {
    format: 1,
    period,
    process,
    cut,
    all: counts(() => true),
    by_month: period.months.map((month) => ({
      month,
      counts: counts(({ due_on }) => due_on.startsWith(month)),
    })),
    by_area: areas
      .map(([area, short]) => ({ area, short, counts: counts((row) => row.area === area) }))
      .filter((area) => area.counts.total > 0),
    by_party: [
      { party: 'OPL', counts: counts(({ obligor }) => obligor !== 'INE') },
      { party: 'INE', counts: counts(({ obligor }) => obligor === 'INE') },
    ],
    waived: rows.filter(({ status }) => status === 'waived').length,
    date_changes,
  };
}
