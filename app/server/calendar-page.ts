// What the calendar shows for an address: its filters, its counts and the view that was asked for.
import { agendaGroups, byMonth, shortDay, withoutYear, type AgendaGroup } from '../domain/agenda.ts';
import { parseCut } from '../domain/cut.ts';
import type { Moment } from '../domain/moment.ts';
import { addDays, formatLongDate, formatMonth, parseIsoDate, weekday } from '../domain/plain-date.ts';
import type { AgendaSection } from '../components/calendar-agenda.tsx';
import type { CalendarDay, Month } from '../components/calendar-month.tsx';
import {
  DOUBT_KEYS,
  OBLIGOR_KEYS,
  readCalendarQuery,
  STATUS_KEYS,
  type CalendarQuery,
} from '../components/calendar-query.ts';
import { viewDeadline } from '../components/deadline-view.ts';
import { cutWords } from '../components/moment-words.ts';
import type { Db } from '../../db/client.ts';
import {
  countByStatus,
  listDeadlines,
  listMonth,
  listOpenDeadlines,
  listResponsibleAreas,
  type DeadlineFilter,
  type DeadlineRow,
} from '../../db/deadlines.ts';
import { listInstruments } from '../../db/instruments.ts';
import { listNonWorkingDays } from '../../db/non-working-days.ts';

/** How far the agenda reaches, in natural days, and how many overdue ones it opens with. */
const AGENDA_DAYS = 30;
const FIRST_OVERDUE = 25;
/** Longest list on one page; beyond it the reader is told to narrow the filters. */
const LONGEST_LIST = 300;
const PER_DAY = 3;

export type CalendarView =
  | { kind: 'invalid' }
  | { kind: 'no_month' }
  | { kind: 'agenda'; sections: AgendaSection[]; concluded: number; later: number; until: string }
  | { kind: 'list'; title: string | null; sections: AgendaSection[]; count: number; shown: number }
  | ({ kind: 'month' } & Month);

export interface CalendarPage {
  query: CalendarQuery;
  errors: Partial<CalendarQuery>;
  status: 200 | 400 | 404;
  cut: string;
  live: boolean;
  today: string;
  total: number;
  matching: number;
  options: { areas: { key: string; name: string }[]; instruments: { key: string; name: string }[] };
  view: CalendarView;
}

/** Reads the address and answers it; the moment of the answer comes with it, for what else the page counts. */
export async function calendarPage(
  db: Db,
  params: URLSearchParams,
  present: Moment,
): Promise<{ page: CalendarPage; moment: Moment }> {
  const [areas, instruments] = await Promise.all([listResponsibleAreas(db), listInstruments(db)]);
  const known = { areas: areas.map(({ key }) => key), instruments: instruments.map(({ key }) => key) };
  const { query, errors } = readCalendarQuery(params, known);
  const cut = parseCut(query.corte, present);
  if (!cut.ok) errors.corte = cut.message;
  const moment = cut.ok ? cut.value : present;
  const valid = Object.keys(errors).length === 0;
  const month = query.mes === '' ? moment.today.slice(0, 7) : query.mes;
  const noMonth = query.vista === 'mes' && !parseIsoDate(`${month}-01`).ok;
  const filter = filterOf(query);
  const counts = valid ? await countByStatus(db, moment, filter) : [];
  const matching = sum(counts);
  const total = Object.keys(filter).length === 0 ? matching : sum(await countByStatus(db, moment));

  const view = async (): Promise<CalendarView> => {
    if (!valid) return { kind: 'invalid' };
    if (noMonth) return { kind: 'no_month' };
    const overdue = sum(counts.filter(({ status }) => status === 'overdue'));
    if (query.vista === 'mes') return monthView(db, moment, filter, month, overdue);
    if (query.dia !== '') return dayView(db, moment, filter, query.dia);
    if (query.estado || query.duda || query.texto) return listView(db, moment, filter);
    return agendaView(db, moment, filter, counts);
  };
  return {
    moment,
    page: {
      query,
      errors,
      status: valid ? (noMonth ? 404 : 200) : 400,
      cut: cutWords(moment),
      live: moment.live,
      today: present.today,
      total,
      matching,
      options: {
        areas: areas.map(({ key, name, institution }) => ({ key, name: `${name} (${institution})` })),
        instruments: instruments
          .filter(({ obligations }) => obligations > 0)
          .map(({ key, title }) => ({ key, name: title })),
      },
      view: await view(),
    },
  };
}

const keyOf = <Value>(keys: Record<string, Value>, key: string): Value | undefined =>
  Object.hasOwn(keys, key) ? keys[key] : undefined;

function filterOf(query: CalendarQuery): DeadlineFilter {
  const status = keyOf(STATUS_KEYS, query.estado);
  const obligor = keyOf(OBLIGOR_KEYS, query.obligado);
  const doubt = keyOf(DOUBT_KEYS, query.duda);
  return {
    ...(query.area && { area: query.area }),
    ...(query.instrumento && { instrument: query.instrumento }),
    ...(status && { status }),
    ...(obligor && { obligor }),
    ...(doubt && { doubt }),
    ...(query.texto && { text: query.texto }),
  };
}

type Counts = Awaited<ReturnType<typeof countByStatus>>;

function sum(counts: Counts): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

async function agendaView(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  counts: Counts,
): Promise<CalendarView> {
  const until = addDays(moment.today, AGENDA_DAYS);
  const rows = await listOpenDeadlines(db, moment, filter, until);
  const settled = counts.filter(({ status }) =>
    ['concluded_on_time', 'concluded_late', 'waived'].includes(status),
  );
  return {
    kind: 'agenda',
    sections: agendaGroups(rows, moment.today).map((group) => sectionOf(group, moment)),
    concluded: sum(settled),
    later: sum(counts) - sum(settled) - rows.length,
    until: shortDay(until, moment.today),
  };
}

function sectionOf({ key, title, entries }: AgendaGroup<DeadlineRow>, { today }: Moment): AgendaSection {
  const shown = key === 'overdue' ? entries.slice(0, FIRST_OVERDUE) : entries;
  return {
    key,
    title,
    count: entries.length,
    load: /^\d/.test(key) ? loadWords(entries) : null,
    deadlines: shown.map((row) => viewDeadline(row, today)),
  };
}

/** The areas of a week by how much each has, the busiest three and how many more. */
function loadWords(entries: DeadlineRow[]): string {
  const byArea = new Map<string, number>();
  for (const { area_name } of entries) byArea.set(area_name, (byArea.get(area_name) ?? 0) + 1);
  const busiest = [...byArea].sort(([, a], [, b]) => b - a);
  const words = busiest.slice(0, 3).map(([area, count]) => `${area} ${count}`);
  return [...words, ...(busiest.length > 3 ? [`y ${busiest.length - 3} áreas más`] : [])].join(' · ');
}

async function listView(db: Db, moment: Moment, filter: DeadlineFilter): Promise<CalendarView> {
  const rows = await listDeadlines(db, moment, filter);
  const shown = rows.slice(0, LONGEST_LIST);
  return {
    kind: 'list',
    title: null,
    count: rows.length,
    shown: shown.length,
    sections: byMonth(shown).map(({ month, entries }) =>
      sectionOf(
        { key: `m${month}`, title: month === '' ? 'Sin fecha' : capitalised(formatMonth(month)), entries },
        moment,
      ),
    ),
  };
}

async function dayView(db: Db, moment: Moment, filter: DeadlineFilter, day: string): Promise<CalendarView> {
  const rows = await listMonth(db, moment, { from: day, to: day }, filter, LONGEST_LIST);
  const title = capitalised(formatLongDate(day));
  const count = rows[0]?.day_count ?? 0;
  const section = {
    key: 'day',
    title: count === 1 ? '1 vencimiento' : `${count} vencimientos`,
    entries: rows,
  };
  return {
    kind: 'list',
    title,
    count,
    shown: rows.length,
    sections: rows.length === 0 ? [] : [sectionOf(section, moment)],
  };
}

async function monthView(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  month: string,
  overdue: number,
): Promise<CalendarView> {
  const first = `${month}-01`;
  const last = addDays(nextMonth(first), -1);
  const [rows, restDays] = await Promise.all([
    listMonth(db, moment, { from: first, to: last }, filter, PER_DAY),
    listNonWorkingDays(db, 'IEM', first, last),
  ]);
  const dayOf = (date: string): CalendarDay => {
    const due = rows.filter((row) => row.due_on === date);
    return {
      date,
      number: Number(date.slice(8)),
      in_month: date.slice(0, 7) === month,
      mark: date === moment.today ? (moment.live ? 'hoy' : 'corte') : null,
      weekend: weekday(date) > 5,
      rest: restDays.find(({ day }) => day === date)?.name ?? null,
      label: withoutYear(date),
      count: due[0]?.day_count ?? 0,
      deadlines: due.map((row) => viewDeadline(row, moment.today)),
    };
  };
  const weeks: CalendarDay[][] = [];
  for (let monday = addDays(first, 1 - weekday(first)); monday <= last; monday = addDays(monday, 7)) {
    weeks.push([0, 1, 2, 3, 4, 5, 6].map((offset) => dayOf(addDays(monday, offset))));
  }
  return {
    kind: 'month',
    month,
    title: capitalised(formatMonth(month)),
    previous: addDays(first, -1).slice(0, 7),
    next: nextMonth(first).slice(0, 7),
    overdue,
    weeks,
  };
}

function nextMonth(first: string): string {
  return `${addDays(first, 31).slice(0, 7)}-01`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
