// What the calendar shows for an address: its filters, its counts and the view that was asked for.
import { byMonth, withoutYear } from '../domain/agenda.ts';
import { parseCut } from '../domain/cut.ts';
import { listPage, pageAsked } from '../domain/list-page.ts';
import type { Moment } from '../domain/moment.ts';
import { addDays, formatLongDate, formatMonth, parseIsoDate, weekday } from '../domain/plain-date.ts';
import type { AgendaSection } from '../components/calendar-agenda.tsx';
import type { CalendarDay, Month } from '../components/calendar-month.tsx';
import { calendarPath, readCalendarQuery, type CalendarQuery } from '../components/calendar-query.ts';
import type { Weeks } from '../components/calendar-weeks.tsx';
import type { Year } from '../components/calendar-year.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { cutWords } from '../components/moment-words.ts';
import { pagingOf, type Paging } from '../components/paging.tsx';
import { mondayOf } from '../domain/weeks.ts';
import type { Db } from '../../db/client.ts';
import { countForCalendar, type CalendarCounts } from '../../db/deadline-counts.ts';
import {
  countByStatus,
  listDeadlines,
  listMonth,
  listResponsibleAreas,
  type DeadlineFilter,
} from '../../db/deadlines.ts';
import { listInstrumentsInUse } from '../../db/instruments.ts';
import { listNonWorkingDays } from '../../db/non-working-days.ts';
import { areaOptions } from './area-options.ts';
import { agendaView, sectionOf, type AgendaView } from './calendar-agenda.ts';
import { filterOf } from './calendar-filter.ts';
import { weeksView } from './calendar-weeks.ts';
import { yearView } from './calendar-year.ts';
import type { ProcessChoice } from './process-choice.ts';

/** Lines of one page of a list: as many as open quickly on a telephone. */
const LINES_PER_PAGE = 75;
const PER_DAY = 3;

export type CalendarView =
  | { kind: 'invalid' }
  | { kind: 'no_month' }
  | AgendaView
  | { kind: 'list'; title: string | null; sections: AgendaSection[]; count: number; paging: Paging }
  | ({ kind: 'month' } & Month)
  | ({ kind: 'weeks' } & Weeks)
  | ({ kind: 'year' } & Year);

export interface CalendarPage {
  query: CalendarQuery;
  errors: Partial<CalendarQuery>;
  status: 200 | 400 | 404;
  cut: string;
  live: boolean;
  today: string;
  total: number;
  matching: number;
  options: Record<'processes' | 'areas' | 'instruments', { key: string; name: string }[]>;
  view: CalendarView;
}

/** The moment an address asks about: its cut, or the present when it names none or one that is wrong. */
export function cutAsked(params: URLSearchParams, present: Moment): { moment: Moment; error?: string } {
  const cut = parseCut(params.get('corte')?.trim() ?? '', present);
  return cut.ok ? { moment: cut.value } : { moment: present, error: cut.message };
}

/** Reads the address and answers it. */
export async function calendarPage(
  db: Db,
  params: URLSearchParams,
  present: Moment,
  { process, options: processes, error: wrongProcess }: ProcessChoice,
): Promise<CalendarPage> {
  const [areas, instruments] = await Promise.all([
    listResponsibleAreas(db),
    listInstrumentsInUse(db, present.today, params.get('instrumento')?.trim() ?? '', process),
  ]);
  const known = { areas: areas.map(({ key }) => key), instruments: instruments.map(({ key }) => key) };
  const { query, errors } = readCalendarQuery(params, known);
  if (wrongProcess) errors.proceso ??= wrongProcess;
  // Every link of the page stays with the process it shows, whichever is the default later.
  query.proceso = process ?? '';
  const { moment, error } = cutAsked(params, present);
  if (error !== undefined) errors.corte = error;
  const valid = Object.keys(errors).length === 0;
  const month = query.mes === '' ? moment.today.slice(0, 7) : query.mes;
  // Said also where no month is shown: a mistyped address must not be answered with something else.
  const noMonth = !parseIsoDate(`${month}-01`).ok;
  const filter = valid ? filterOf(query) : {};
  const counting = valid ? countForCalendar(db, moment, filter) : Promise.resolve(NO_COUNTS);

  const view = async (): Promise<CalendarView> => {
    if (!valid) return { kind: 'invalid' };
    if (noMonth) return { kind: 'no_month' };
    if (query.vista === 'mes') return monthView(db, moment, filter, month, counting);
    if (query.vista === 'semanas') return weeksView(db, moment, filter, query.semana || moment.today);
    if (query.vista === 'año') return yearView(db, moment, filter, query.anio || moment.today.slice(0, 4));
    if (query.dia !== '') return dayView(db, moment, filter, query);
    if (query.estado || query.duda || query.texto || spanTitle(query) !== null)
      return listView(db, moment, filter, query, counting);
    return agendaView(db, moment, filter, counting);
  };
  const [counts, shown] = await Promise.all([counting, view()]);
  return {
    query,
    errors,
    status: valid ? (noMonth ? 404 : 200) : 400,
    cut: cutWords(moment),
    live: moment.live,
    today: present.today,
    total: counts.total,
    matching: counts.matching,
    options: {
      processes,
      areas: areaOptions(areas),
      instruments: instruments.map(({ key, title }) => ({ key, name: title })),
    },
    view: shown,
  };
}

const NO_COUNTS: CalendarCounts = { total: 0, matching: 0, overdue: 0, settled: 0 };

/** What a list is of, when its days were asked for. */
function spanTitle({ desde, hasta, prepara }: CalendarQuery): string | null {
  const day = (date: string) => formatLongDate(date).replace(/^\S+ /, '');
  if (prepara !== '') return `En preparación en la semana del ${day(mondayOf(prepara))}`;
  if (desde !== '' && hasta !== '') return `Del ${day(desde)} al ${day(hasta)}`;
  if (desde !== '') return `Desde el ${day(desde)}`;
  return hasta === '' ? null : `Hasta el ${day(hasta)}`;
}

async function listView(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  query: CalendarQuery,
  counting: Promise<CalendarCounts>,
): Promise<CalendarView> {
  const count = counting.then(({ matching }) => matching);
  const { rows, ...list } = await pageOfList(db, moment, filter, query, count);
  return {
    kind: 'list',
    title: spanTitle(query),
    ...list,
    sections: byMonth(rows).map(({ month, entries }) => ({
      ...sectionOf(
        { key: `m${month}`, title: month === '' ? 'Sin fecha' : capitalised(formatMonth(month)), entries },
        moment,
      ),
      ...(list.count > rows.length && { count: null }),
    })),
  };
}

async function dayView(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  query: CalendarQuery,
): Promise<CalendarView> {
  const ofDay = { ...filter, due: { from: query.dia, to: query.dia } };
  const counting = countByStatus(db, moment, ofDay).then((states) =>
    states.reduce((sum, { count }) => sum + count, 0),
  );
  const { rows, count, paging } = await pageOfList(db, moment, ofDay, query, counting);
  const all = { key: 'day', title: 'Vencimientos', entries: rows };
  return {
    kind: 'list',
    title: capitalised(formatLongDate(query.dia)),
    count,
    paging,
    sections: count === 0 ? [] : [{ ...sectionOf(all, moment), count }],
  };
}

/** The page of the list that the address asks for, or the nearest one there is. */
async function pageOfList(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  query: CalendarQuery,
  counting: Promise<number>,
) {
  const rowsOf = (number: number) =>
    listDeadlines(db, moment, filter, { offset: (number - 1) * LINES_PER_PAGE, size: LINES_PER_PAGE });
  const asked = pageAsked(query.pagina) ?? 1;
  // While they are counted: only who asks for a page that is not there waits for both.
  const [found, count] = await Promise.all([rowsOf(asked), counting]);
  const page = listPage(query.pagina, count, LINES_PER_PAGE);
  return {
    rows: page.number === asked ? found : await rowsOf(page.number),
    count,
    paging: pagingOf(page, (number) => calendarPath(query, { pagina: String(number), ver: '' })),
  };
}

async function monthView(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  month: string,
  counting: Promise<CalendarCounts>,
): Promise<CalendarView> {
  const first = `${month}-01`;
  const last = addDays(nextMonth(first), -1);
  const [rows, restDays, { overdue }] = await Promise.all([
    listMonth(db, moment, { from: first, to: last }, filter, PER_DAY),
    listNonWorkingDays(db, 'IEM', first, last),
    counting,
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
