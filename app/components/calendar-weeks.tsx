// Weeks by areas: how much each area has to hand in, and how much it is already preparing, week after week.
import { Link } from '@remix-run/react';
import { addDays, type IsoDate } from '../domain/plain-date.ts';
import { calendarPath, NO_PLACE, OPEN_KEY, type CalendarQuery } from './calendar-query.ts';

export interface Load {
  due: number;
  preparing: number;
}

export interface Week extends Load {
  monday: IsoDate;
  /** `13 – 19 may`. */
  label: string;
  /** Holds the day the calendar is seen from. */
  current: boolean;
}

export interface Weeks {
  /** `Del 13 de mayo al 11 de agosto de 2024`. */
  title: string;
  previous: IsoDate;
  next: IsoDate;
  weeks: Week[];
  areas: { key: string; name: string; due: number; loads: Load[] }[];
  /** The week in which most falls due. */
  busiest: Week | null;
}

/** Every number opens the list it counts: what falls due that week, or what is prepared in it for a later one. */
export function CalendarWeeks({ view, query }: { view: Weeks; query: CalendarQuery }) {
  const { weeks, areas, busiest } = view;
  const list = (changes: Partial<CalendarQuery>) =>
    calendarPath(query, { ...NO_PLACE, estado: query.estado || OPEN_KEY, ...changes });
  const dueIn = (monday: IsoDate, area = query.area) =>
    list({ area, desde: monday, hasta: addDays(monday, 6) });
  const whole = (area = query.area) =>
    list({ area, desde: weeks[0]!.monday, hasta: addDays(weeks.at(-1)!.monday, 6) });
  const most = Math.max(1, ...areas.flatMap(({ loads }) => loads.map(({ due }) => due)));
  const total = weeks.reduce((sum, { due }) => sum + due, 0);
  return (
    <div className="weeks-page">
      <div className="month-head">
        <h2 id="semanas">{view.title}</h2>
        <p className="no-print">
          <Link to={calendarPath(query, { semana: view.previous })}>← Semanas anteriores</Link>
          <Link to={calendarPath(query, { semana: '' })}>Hoy</Link>
          <Link to={calendarPath(query, { semana: view.next })}>Semanas siguientes →</Link>
        </p>
      </div>
      {busiest && (
        <p>
          La semana más cargada es la del {busiest.label}:{' '}
          <Link to={dueIn(busiest.monday)}>
            {busiest.due === 1 ? '1 vencimiento' : `${busiest.due} vencimientos`}
          </Link>
          .
        </p>
      )}
      {areas.length === 0 ? (
        <p className="empty">Nada vence ni se prepara en estas semanas.</p>
      ) : (
        <table className="table stack weeks" aria-labelledby="semanas">
          <caption>
            Lo que está por hacer, por área responsable: cuántos vencimientos hay en la semana y, con un +,
            cuántos de semanas posteriores ya se preparan. Se prepara desde el primer aviso de su escalera.
          </caption>
          <thead>
            <tr>
              <th scope="col">Área</th>
              {weeks.map(({ monday, label, current }) => (
                <th key={monday} scope="col" className="number" aria-current={current ? 'date' : undefined}>
                  {label}
                </th>
              ))}
              <th scope="col" className="number">
                Total
              </th>
            </tr>
          </thead>
          <tbody>
            {areas.map((area) => (
              <tr key={area.key}>
                <th scope="row">{area.name}</th>
                {area.loads.map((load, index) => (
                  <Cell
                    key={weeks[index]!.monday}
                    load={load}
                    shade={Math.ceil((4 * load.due) / most)}
                    label={weeks[index]!.label}
                    due={dueIn(weeks[index]!.monday, area.key)}
                    preparing={list({ area: area.key, prepara: weeks[index]!.monday })}
                  />
                ))}
                <td className="number" data-label="Total">
                  {area.due > 0 ? <Link to={whole(area.key)}>{area.due}</Link> : 0}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Todas las áreas</th>
              {weeks.map((week) => (
                <Cell
                  key={week.monday}
                  load={week}
                  label={week.label}
                  due={dueIn(week.monday)}
                  preparing={list({ prepara: week.monday })}
                />
              ))}
              <td className="number" data-label="Total">
                {total > 0 ? <Link to={whole()}>{total}</Link> : 0}
              </td>
            </tr>
          </tfoot>
        </table>
      )}
    </div>
  );
}

function Cell(props: { load: Load; shade?: number; label: string; due: string; preparing: string }) {
  const { load, shade, label, due, preparing } = props;
  if (load.due + load.preparing === 0) return <td className="number" />;
  return (
    <td className="number" data-label={label} data-load={shade || undefined}>
      {load.due > 0 && (
        <Link to={due} aria-label={`${load.due} ${load.due === 1 ? 'vence' : 'vencen'}, ${label}`}>
          {load.due}
        </Link>
      )}
      {load.preparing > 0 && (
        <Link to={preparing} className="preparing" aria-label={`+${load.preparing} en preparación, ${label}`}>
          +{load.preparing}
        </Link>
      )}
    </td>
  );
}
