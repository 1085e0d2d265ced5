// The month as a table: seven columns, at most three deadlines a day, the rest one link away.
import { Link } from '@remix-run/react';
import { STATUS_WORDS } from '../domain/deadline-status.ts';
import { calendarPath, NO_PLACE, type CalendarQuery } from './calendar-query.ts';
import type { DeadlineView } from './deadline-view.ts';

const WEEKDAYS = ['Lunes', 'Martes', 'Miércoles', 'Jueves', 'Viernes', 'Sábado', 'Domingo'];

export interface CalendarDay {
  date: string;
  number: number;
  in_month: boolean;
  /** The day the calendar is seen from: today, or the day of a past cut. */
  mark: 'hoy' | 'corte' | null;
  weekend: boolean;
  /** Name of a day that does not work. */
  rest: string | null;
  /** `sábado 18 de mayo`. */
  label: string;
  count: number;
  /** The first few. */
  deadlines: DeadlineView[];
}

export interface Month {
  month: string;
  title: string;
  previous: string;
  next: string;
  overdue: number;
  /** Monday to Sunday. */
  weeks: CalendarDay[][];
}

export function CalendarMonth({ view, query }: { view: Month; query: CalendarQuery }) {
  return (
    <div className="month-page">
      <div className="month-head">
        <h2 id="mes">{view.title}</h2>
        <p className="no-print">
          <Link to={calendarPath(query, { mes: view.previous })}>← Mes anterior</Link>
          <Link to={calendarPath(query, { mes: '' })}>Hoy</Link>
          <Link to={calendarPath(query, { mes: view.next })}>Mes siguiente →</Link>
        </p>
      </div>
      <table className="month" aria-labelledby="mes">
        <thead>
          <tr>
            {WEEKDAYS.map((name) => (
              <th key={name} scope="col">
                {name.slice(0, 3)}
                <span className="weekday-rest">{name.slice(3)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.weeks.map((week) => (
            <tr key={week[0]?.date}>
              {week.map((day) => (
                <Day key={day.date} day={day} overdue={day.mark ? view.overdue : 0} query={query} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet legend">
        {Object.values(STATUS_WORDS).map(({ word, symbol }) => (
          <span key={word}>
            <span aria-hidden="true">{symbol}</span> {word}
          </span>
        ))}
        <span>° por cotejar con el anexo firmado</span>
        <span>~ fecha provisional</span>
        <span>§ fecha fijada por acuerdo u oficio</span>
      </p>
    </div>
  );
}

function Day({ day, overdue, query }: { day: CalendarDay; overdue: number; query: CalendarQuery }) {
  if (!day.in_month) return <td className="day day-outside" />;
  const toDay = calendarPath(query, { ...NO_PLACE, dia: day.date });
  const many = day.count === 1 ? '1 vencimiento' : `${day.count} vencimientos`;
  return (
    <td
      className="day"
      data-today={day.mark !== null || undefined}
      data-quiet={day.weekend || day.rest !== null || undefined}
      aria-current={day.mark === 'hoy' ? 'date' : undefined}
    >
      <p className="day-head">
        {day.count > 0 ? (
          <Link to={toDay}>
            <span className="day-number">{day.number}</span>{' '}
            <span className="day-count" aria-hidden="true">
              {day.count}
            </span>
            <span className="unseen">
              ({day.label}): {many}
            </span>
          </Link>
        ) : (
          <span className="day-number">{day.number}</span>
        )}
        {day.mark && <span className="day-today">{day.mark}</span>}
      </p>
      {day.rest && <p className="day-rest">{day.rest}</p>}
      {overdue > 0 && (
        <p className="day-overdue">
          <Link to={calendarPath(query, { ...NO_PLACE, estado: 'vencida' })}>■ {overdue} vencidas</Link>
        </p>
      )}
      <ul>
        {day.deadlines.map((deadline) => (
          <DayItem
            key={deadline.id}
            deadline={deadline}
            to={calendarPath(query, { ver: String(deadline.id) })}
          />
        ))}
      </ul>
      {day.count > day.deadlines.length && (
        <p className="day-more">
          <Link to={toDay}>
            +{day.count - day.deadlines.length} más <span className="unseen">el {day.label}</span>
          </Link>
        </p>
      )}
    </td>
  );
}

function DayItem({ deadline, to }: { deadline: DeadlineView; to: string }) {
  const { word, symbol } = STATUS_WORDS[deadline.status];
  return (
    <li data-status={deadline.status}>
      <Link to={to} title={`${word} · ${deadline.area}`} preventScrollReset>
        <span className="status-shape" aria-hidden="true">
          {symbol}
        </span>
        {deadline.to_verify && <span aria-hidden="true">° </span>}
        {deadline.provisional.length > 0 && <span aria-hidden="true">~ </span>}
        {deadline.manual && <span aria-hidden="true">§ </span>}
        <span className="unseen">{word}: </span>
        {deadline.title}
        {deadline.to_verify && <span className="unseen"> (por cotejar con el anexo firmado)</span>}
        {deadline.provisional.length > 0 && <span className="unseen"> (fecha provisional)</span>}
        {deadline.manual && <span className="unseen"> (fecha fijada por acuerdo u oficio)</span>}
      </Link>
    </li>
  );
}
