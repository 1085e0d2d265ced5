// The agenda: what ran out, today, tomorrow and the weeks after, as one continuous list.
import { Link } from '@remix-run/react';
import { calendarPath, type CalendarQuery } from './calendar-query.ts';
import { DeadlineLines } from './deadline-line.tsx';
import type { DeadlineView } from './deadline-view.ts';

export interface AgendaSection {
  key: string;
  title: string;
  /** Of how many it is; null for one that may go on on another page. */
  count: number | null;
  /** `Organización Electoral 6 · Sistemas 4`, for weeks. */
  load: string | null;
  /** All of them, or the first ones of each day. */
  deadlines: DeadlineView[];
  /** What is not shown, after the line of the deadline with that id. */
  rest: Record<number, { words: string; at: Partial<CalendarQuery> }>;
}

/** Sections of deadlines; where some were left out, a line says how many and leads to all of them. */
export function Agenda({ sections, query }: { sections: AgendaSection[]; query: CalendarQuery }) {
  return (
    <>
      {sections.map(({ key, title, count, load, deadlines, rest }) => (
        <section key={key} className="agenda-section" aria-labelledby={`s-${key}`} data-section={key}>
          <h2 id={`s-${key}`} className="section-title">
            {title} {count !== null && <span className="count">{count}</span>}
          </h2>
          {load && <p className="quiet load">{load}</p>}
          {count === 0 ? (
            <p className="quiet">Nada vence.</p>
          ) : (
            <DeadlineLines
              deadlines={deadlines}
              to={(id) => calendarPath(query, { ver: String(id) })}
              choose={query.elegir === '' ? undefined : { ticked: query.elegir === 'todos' }}
              after={(id) => rest[id] && <Link to={calendarPath(query, rest[id].at)}>{rest[id].words}</Link>}
            />
          )}
        </section>
      ))}
    </>
  );
}
