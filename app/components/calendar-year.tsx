// A year on one page: twelve small months with how much falls on each day, and the milestones of the process.
import { Link } from '@remix-run/react';
import { calendarPath, NO_PLACE, type CalendarQuery } from './calendar-query.ts';

export interface YearDay {
  date: string;
  number: number;
  count: number;
  /** How much of the busiest day's load it carries, from 1 to 4; 0 for a day on which nothing is due. */
  shade: number;
  milestone: boolean;
  today: boolean;
}

export interface YearMonth {
  month: string;
  /** `mayo`. */
  name: string;
  count: number;
  /** Monday to Sunday; null outside the month. */
  weeks: (YearDay | null)[][];
  milestones: { key: string; day: number; name: string; firm: boolean }[];
}

export interface Year {
  year: string;
  previous: string;
  next: string;
  count: number;
  months: YearMonth[];
}

const WEEKDAYS = [
  ['L', 'lunes'],
  ['M', 'martes'],
  ['X', 'miércoles'],
  ['J', 'jueves'],
  ['V', 'viernes'],
  ['S', 'sábado'],
  ['D', 'domingo'],
];

const deadlines = (count: number) => (count === 1 ? '1 vencimiento' : `${count} vencimientos`);

export function CalendarYear({ view, query }: { view: Year; query: CalendarQuery }) {
  return (
    <div className="year-page">
      <div className="month-head">
        <h2 id="anio">
          {view.year} <span className="quiet">{deadlines(view.count)}</span>
        </h2>
        <p className="no-print">
          <Link to={calendarPath(query, { anio: view.previous })}>← {view.previous}</Link>
          <Link to={calendarPath(query, { anio: '' })}>Hoy</Link>
          <Link to={calendarPath(query, { anio: view.next })}>{view.next} →</Link>
        </p>
      </div>
      <div className="year">
        {view.months.map((month) => (
          <SmallMonth key={month.month} month={month} query={query} />
        ))}
      </div>
      <p className="quiet legend">
        <span>Cuanto más oscuro el día, más vencimientos tiene, en el estado que estén.</span>
        <span>◆ hito del proceso</span>
        <span>~ hito con fecha provisional</span>
      </p>
    </div>
  );
}

function SmallMonth({ month, query }: { month: YearMonth; query: CalendarQuery }) {
  const id = `m-${month.month}`;
  return (
    <section className="small-month" aria-labelledby={id}>
      <h3 id={id}>
        <Link to={calendarPath(query, { ...NO_PLACE, vista: 'mes', mes: month.month })}>{month.name}</Link>{' '}
        <span className="quiet">{deadlines(month.count)}</span>
      </h3>
      <table aria-labelledby={id}>
        <thead>
          <tr>
            {WEEKDAYS.map(([letter, name]) => (
              <th key={letter} scope="col" abbr={name}>
                {letter}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {month.weeks.map((week, index) => (
            <tr key={index}>
              {week.map((day, place) =>
                day === null ? (
                  <td key={place} />
                ) : (
                  <td
                    key={place}
                    data-load={day.shade || undefined}
                    data-today={day.today || undefined}
                    data-milestone={day.milestone || undefined}
                  >
                    {day.count > 0 ? (
                      <Link
                        to={calendarPath(query, { ...NO_PLACE, dia: day.date })}
                        aria-label={`${day.number} de ${month.name}: ${deadlines(day.count)}`}
                      >
                        {day.number}
                      </Link>
                    ) : (
                      day.number
                    )}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {month.milestones.length > 0 && (
        <ul className="quiet">
          {month.milestones.map(({ key, day, name, firm }) => (
            <li key={key}>
              ◆ {firm ? '' : '~ '}
              {day}: {name}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
