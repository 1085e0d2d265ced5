// The views a person keeps, one touch away above the calendar.
import { Link } from '@remix-run/react';
import { calendarPath, savedQuery, type CalendarQuery } from './calendar-query.ts';

export interface SavedView {
  id: number;
  name: string;
  /** What follows the question mark of the calendar's address; empty for the calendar as it opens. */
  query: string;
}

export const savedPath = (query: string) => (query === '' ? '/calendario' : `/calendario?${query}`);

export function SavedViews({ views, query }: { views: SavedView[]; query: CalendarQuery }) {
  const here = savedQuery(calendarPath(query).replace('/calendario', ''));
  return (
    <nav className="saved-views" aria-label="Mis vistas">
      {views.map(({ id, name, query: saved }) => (
        <Link key={id} to={savedPath(saved)} aria-current={saved === here ? 'page' : undefined}>
          {name}
        </Link>
      ))}
      {views.every(({ query: saved }) => saved !== here) && here !== '' && (
        <Link to={`/vistas?guardar=${encodeURIComponent(here)}`}>Guardar esta vista</Link>
      )}
      {views.length > 0 && <Link to="/vistas">Mis vistas</Link>}
    </nav>
  );
}
