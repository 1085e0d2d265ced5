// The agenda: what ran out, today, tomorrow and the weeks after, as one continuous list.
import { Link } from '@remix-run/react';
import { calendarPath, type CalendarQuery } from './calendar-query.ts';
import { DeadlineLines } from './deadline-line.tsx';
import type { DeadlineView } from './deadline-view.ts';

export interface AgendaSection {
  key: string;
  title: string;
  count: number;
  /** `Organización Electoral 6 · Sistemas 4`, for weeks. */
  load: string | null;
  /** All of them, or the first ones of a long section. */
  deadlines: DeadlineView[];
}

/** Sections of deadlines; a section that was shortened says how many there are and where they all are. */
export function Agenda({ sections, query }: { sections: AgendaSection[]; query: CalendarQuery }) {
  return (
    <>
      {sections.map(({ key, title, count, load, deadlines }) => (
        <section key={key} className="agenda-section" aria-labelledby={`s-${key}`} data-section={key}>
          <h2 id={`s-${key}`} className="section-title">
            {title} <span className="count">{count}</span>
          </h2>
          {load && <p className="quiet load">{load}</p>}
          {count === 0 ? (
            <p className="quiet">Nada vence.</p>
          ) : (
            <DeadlineLines
              deadlines={deadlines}
              to={(id) => calendarPath(query, { ver: String(id) })}
              choose={query.elegir === '' ? undefined : { ticked: query.elegir === 'todos' }}
            />
          )}
          {deadlines.length < count && (
            <p>
              <Link to={calendarPath(query, { estado: 'vencida' })}>Ver las {count} vencidas</Link>
            </p>
          )}
        </section>
      ))}
    </>
  );
}
