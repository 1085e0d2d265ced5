// Choosing several deadlines of a list: the way in, the boxes' form, and what can be done with those that are ticked.
import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { calendarPath, type CalendarQuery } from './calendar-query.ts';

/** The list as it is, with the way in; or, once asked for, inside a form whose buttons take what is ticked. */
export function SelectionForm(props: {
  query: CalendarQuery;
  decides: boolean;
  /** The list goes on on other pages. */
  paged?: boolean;
  children: ReactNode;
}) {
  const { query, decides, paged = false, children } = props;
  const choose = (elegir: string) => calendarPath(query, { elegir });
  if (query.elegir === '') {
    return (
      <>
        <p className="selection no-print">
          <Link to={choose('algunos')} preventScrollReset>
            Elegir varios
          </Link>
        </p>
        {children}
      </>
    );
  }
  // A plain form: one of its buttons leads to a file, which only the browser itself can fetch.
  return (
    <form method="get" action="/calendario/seleccion.csv" className="selection-form">
      <div className="selection selection-bar no-print">
        {decides && (
          <>
            <button type="submit" className="button" formAction="/calendario/reasignar">
              Reasignar los marcados
            </button>
            <button type="submit" className="button button-quiet" formAction="/calendario/escalera">
              Cambiar su escalera
            </button>
          </>
        )}
        <button type="submit" className="button button-quiet">
          Descargar los marcados (CSV)
        </button>
        {query.elegir === 'todos' ? (
          <a href={choose('algunos')}>Desmarcar todos</a>
        ) : (
          <a href={choose('todos')}>Marcar {paged ? 'los de esta página' : 'todos'}</a>
        )}
        <Link to={choose('')}>Dejar de elegir</Link>
        {paged && <span className="quiet">Lo marcado vale sólo en esta página de la lista.</span>}
      </div>
      {children}
    </form>
  );
}

/** What was chosen, inside the form that does something with it. */
export function ChosenIds({ ids }: { ids: number[] }) {
  return ids.map((id) => <input key={id} type="hidden" name="id" value={id} />);
}
