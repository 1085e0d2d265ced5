// The agenda: open deadlines in the order in which somebody must look at them.
import type { DeadlineStatus } from './deadline-status.ts';
import { addDays, formatDayMonth, formatLongDate, weekday, type IsoDate } from './plain-date.ts';

export interface AgendaEntry {
  status: DeadlineStatus;
  due_on: IsoDate | null;
}

export interface AgendaGroup<Entry> {
  /** `overdue`, `reported`, `today`, `tomorrow`, `waiting`, or the first day of the span it covers. */
  key: string;
  title: string;
  entries: Entry[];
}

/**
 * Groups entries sorted by date: what ran out, what ran out but is already reported, today, tomorrow, the rest of
 * this week, each later week (Monday to Sunday), and what waits for an event. Today and tomorrow are always
 * there, empty or not; the other groups only when they hold something.
 */
export function agendaGroups<Entry extends AgendaEntry>(
  entries: readonly Entry[],
  today: IsoDate,
): AgendaGroup<Entry>[] {
  const groups = new Map<string, AgendaGroup<Entry>>();
  const group = (key: string, title: string) => {
    const found = groups.get(key) ?? { key, title, entries: [] };
    groups.set(key, found);
    return found;
  };
  const tomorrow = addDays(today, 1);
  group('overdue', 'Vencidas');
  group('reported', 'En revisión, con la fecha ya pasada');
  group('today', `Hoy, ${withoutYear(today)}`);
  group('tomorrow', `Mañana, ${withoutYear(tomorrow)}`);
  const waiting: AgendaGroup<Entry> = { key: 'waiting', title: 'En espera de un evento', entries: [] };
  for (const entry of entries) {
    if (entry.due_on === null) waiting.entries.push(entry);
    else if (entry.status === 'overdue') group('overdue', '').entries.push(entry);
    else if (entry.due_on < today) group('reported', '').entries.push(entry);
    else if (entry.due_on === today) group('today', '').entries.push(entry);
    else if (entry.due_on === tomorrow) group('tomorrow', '').entries.push(entry);
    else {
      const monday = addDays(entry.due_on, 1 - weekday(entry.due_on));
      const title = monday <= today ? 'Resto de esta semana' : `Semana ${spanOfWeek(monday)}`;
      group(monday, title).entries.push(entry);
    }
  }
  return [...groups.values(), waiting].filter(
    ({ key, entries }) => entries.length > 0 || key === 'today' || key === 'tomorrow',
  );
}

/** Groups entries sorted by date by their month, `2024-05`; those without a date come under an empty key. */
export function byMonth<Entry extends AgendaEntry>(
  entries: readonly Entry[],
): { month: string; entries: Entry[] }[] {
  const months = new Map<string, Entry[]>();
  for (const entry of entries) {
    const month = entry.due_on?.slice(0, 7) ?? '';
    const inMonth = months.get(month);
    if (inMonth) inMonth.push(entry);
    else months.set(month, [entry]);
  }
  return [...months].map(([month, inMonth]) => ({ month, entries: inMonth }));
}

/** `jueves 16 de mayo`. */
export function withoutYear(date: IsoDate): string {
  return formatLongDate(date).replace(/ de \d{4}$/, '');
}

/** `del 20 al 26 de mayo`, `del 27 de mayo al 2 de junio`. */
function spanOfWeek(monday: IsoDate): string {
  const [from, to] = [monday, addDays(monday, 6)].map((day) => withoutYear(day).replace(/^\S+ /, ''));
  const sameMonth = monday.slice(0, 7) === addDays(monday, 6).slice(0, 7);
  return `del ${sameMonth ? from!.replace(/ de .*/, '') : from} al ${to}`;
}

/** `sáb 18 may`, with the year when it is not that of `today`. */
export function shortDay(date: IsoDate, today: IsoDate): string {
  return date.slice(0, 4) === today.slice(0, 4)
    ? formatDayMonth(date)
    : `${formatDayMonth(date)} ${date.slice(0, 4)}`;
}

/**
 * Shares `most` lines out among lists of so many: one to each in turn, from the first, until all are shown or the
 * lines are used up. Nothing is cut while everything fits.
 */
export function shareOut(counts: readonly number[], most: number): number[] {
  const shares = counts.map(() => 0);
  for (let left = most, given = true; given;) {
    given = false;
    counts.forEach((count, index) => {
      if (left === 0 || shares[index]! >= count) return;
      shares[index]! += 1;
      left -= 1;
      given = true;
    });
  }
  return shares;
}
