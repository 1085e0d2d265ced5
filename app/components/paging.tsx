// Leafing through a long list: where one is in it, and the links to the page before and the page after.
import { Link } from '@remix-run/react';
import type { ListPage } from '../domain/list-page.ts';

export interface Paging {
  /** `301 a 600 de 5,486`. */
  place: string;
  previous: string | null;
  next: string | null;
  /** Said when the page that was asked for does not exist. */
  missing: string | null;
}

/** What a page says of its place in the list; `path` gives the address of a page by its number. */
export function pagingOf(page: ListPage, path: (number: number) => string): Paging {
  const { number, pages, offset, size, count, found } = page;
  const last = Math.min(offset + size, count);
  return {
    place: `${grouped(Math.min(offset + 1, count))} a ${grouped(last)} de ${grouped(count)}`,
    previous: number > 1 ? path(number - 1) : null,
    next: number < pages ? path(number + 1) : null,
    missing: found ? null : `No existe la página que pediste. Se muestra la ${grouped(number)}.`,
  };
}

const grouped = (count: number) => count.toLocaleString('es-MX');

/** Above the list: only when another page was asked for than is shown. */
export function MissingPage({ missing }: Paging) {
  return missing && <p className="notice">{missing}</p>;
}

/** Below the list; nothing when it fits on one page. */
export function PageLinks({ place, previous, next }: Paging) {
  if (!previous && !next) return null;
  return (
    <nav className="paging no-print" aria-label="Páginas">
      {previous && (
        <Link to={previous} rel="prev">
          ← Anteriores
        </Link>
      )}
      <span className="quiet">{place}</span>
      {next && (
        <Link to={next} rel="next">
          Siguientes →
        </Link>
      )}
    </nav>
  );
}
