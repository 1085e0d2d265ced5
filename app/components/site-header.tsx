// The head of every page: whose it is, where one can go, who is logged in.
import { Form, Link, NavLink } from '@remix-run/react';
import { LONGEST_SEARCH } from '../domain/search.ts';

export interface NavItem {
  to: string;
  label: string;
}

export interface Visitor {
  name: string;
  /** Area or role, as the person would say it. */
  capacity: string;
}

export function SiteHeader({ nav, visitor }: { nav: NavItem[]; visitor: Visitor | null }) {
  return (
    <header className="site-header">
      <div className="site-bar">
        <Link className="brand" to="/">
          <span className="brand-name">Seguimiento de Convenios</span>{' '}
          <span className="brand-who">INE–IEM</span>
        </Link>
        {visitor && (
          <div className="visitor">
            <p>
              <Link to="/mi-cuenta">{visitor.name}</Link>
              <span className="visitor-capacity">{visitor.capacity}</span>
            </p>
            <Form method="post" action="/salir">
              <button type="submit" className="button-plain">
                Salir
              </button>
            </Form>
          </div>
        )}
      </div>
      {visitor && (
        <div className="site-ways">
          <nav className="site-nav" aria-label="Secciones">
            <ul>
              {nav.map(({ to, label }) => (
                <li key={to}>
                  <NavLink to={to}>{label}</NavLink>
                </li>
              ))}
            </ul>
          </nav>
          <Form method="get" action="/buscar" className="site-search" aria-label="Todo el sistema">
            <input type="search" name="q" maxLength={LONGEST_SEARCH} aria-label="Palabras, clave o folio" />
            <button type="submit" className="button-plain">
              Buscar
            </button>
          </Form>
        </div>
      )}
    </header>
  );
}
