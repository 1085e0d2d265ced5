// The agenda, for the calendar: what ran out and the thirty days ahead, at most a page of it, the rest one link away.
import { agendaGroups, shareOut, shortDay, withoutYear, type AgendaGroup } from '../domain/agenda.ts';
import type { Moment } from '../domain/moment.ts';
import { addDays } from '../domain/plain-date.ts';
import type { AgendaSection } from '../components/calendar-agenda.tsx';
import { NO_PLACE, OPEN_KEY, type CalendarQuery } from '../components/calendar-query.ts';
import { viewDeadline } from '../components/deadline-view.ts';
import type { Db } from '../../db/client.ts';
import type { CalendarCounts } from '../../db/deadline-counts.ts';
import { listOpenDeadlines, type DeadlineFilter, type DeadlineRow } from '../../db/deadlines.ts';

/** How far the agenda reaches, in natural days, and how many overdue ones it opens with. */
const AGENDA_DAYS = 30;
const FIRST_OVERDUE = 12;
/** Lines for everything else: a longer page is slow to open on a telephone, and nobody reads it. */
const LINES = 58;

export interface AgendaView {
  kind: 'agenda';
  sections: AgendaSection[];
  concluded: number;
  later: number;
  until: string;
}

/** What is open and due within thirty days, each day with its share of the page's lines. */
export async function agendaView(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  counting: Promise<CalendarCounts>,
): Promise<AgendaView> {
  const until = addDays(moment.today, AGENDA_DAYS);
  const [rows, { matching, overdue, settled }] = await Promise.all([
    listOpenDeadlines(db, moment, filter, until, FIRST_OVERDUE),
    counting,
  ]);
  const others = rows.filter(({ status }) => status !== 'overdue').length;
  return {
    kind: 'agenda',
    sections: withinLines(agendaGroups(rows, moment.today), overdue, moment),
    concluded: settled,
    later: matching - settled - overdue - others,
    until: shortDay(until, moment.today),
  };
}

/** A group with all of its entries. */
export function sectionOf(
  { key, title, entries }: AgendaGroup<DeadlineRow>,
  { today }: Moment,
): AgendaSection {
  return {
    key,
    title,
    count: entries.length,
    load: loadOf({ key, entries }),
    deadlines: entries.map((row) => viewDeadline(row, today)),
    rest: {},
  };
}

/** The groups as sections, each day with its share of the lines; of the overdue, which come cut, there are `overdue`. */
function withinLines(groups: AgendaGroup<DeadlineRow>[], overdue: number, moment: Moment): AgendaSection[] {
  const days = groups.filter(({ key }) => key !== 'overdue').flatMap(daysOf);
  const shares = shareOut(
    days.map((day) => day.length),
    LINES,
  );
  const linesOf = new Map(days.map(([first], index) => [first, shares[index]]));
  return groups.map((group) => {
    const all = group.key === 'overdue' ? overdue : group.entries.length;
    const rest: AgendaSection['rest'] = {};
    const shown = daysOf(group).flatMap((day) => {
      const lines = day.slice(0, linesOf.get(day[0]));
      const left = (group.key === 'overdue' ? overdue : day.length) - lines.length;
      if (left > 0) rest[lines.at(-1)!.id] = restOf(group.key, day[0]!, left, moment);
      return lines;
    });
    return { ...sectionOf({ ...group, entries: shown }, moment), count: all, load: loadOf(group), rest };
  });
}

const isWeek = (key: string) => /^\d/.test(key);

/** A week by its days; any other group is one list, or none when it is empty. */
function daysOf({ key, entries }: AgendaGroup<DeadlineRow>): DeadlineRow[][] {
  const days = new Map<string | null, DeadlineRow[]>();
  for (const row of entries) {
    const day = isWeek(key) ? row.due_on : null;
    const found = days.get(day);
    if (found) found.push(row);
    else days.set(day, [row]);
  }
  return [...days.values()];
}

/** What the line says after those shown, and where all of them are. */
function restOf(key: string, { due_on }: DeadlineRow, left: number, { today }: Moment) {
  const list = (words: string, at: Partial<CalendarQuery>) => ({
    words: `+ ${left.toLocaleString('es-MX')} más${words}`,
    at: { ...NO_PLACE, ...at },
  });
  if (key === 'overdue') return list(' vencidas', { estado: 'vencida' });
  if (key === 'reported') return list(' en revisión', { estado: 'en-revision', hasta: addDays(today, -1) });
  if (key === 'waiting') return list(' en espera', { estado: 'en-espera' });
  const day = due_on ?? today;
  return list(` el ${withoutYear(day)}`, { estado: OPEN_KEY, desde: day, hasta: day });
}

/** The areas of a week by how much each has, the busiest three and how many more; null for what is no week. */
function loadOf({ key, entries }: Pick<AgendaGroup<DeadlineRow>, 'key' | 'entries'>): string | null {
  if (!isWeek(key)) return null;
  const byArea = new Map<string, number>();
  for (const { area_name } of entries) byArea.set(area_name, (byArea.get(area_name) ?? 0) + 1);
  const busiest = [...byArea].sort(([, a], [, b]) => b - a);
  const words = busiest.slice(0, 3).map(([area, count]) => `${area} ${count}`);
  return [...words, ...(busiest.length > 3 ? [`y ${busiest.length - 3} áreas más`] : [])].join(' · ');
}
