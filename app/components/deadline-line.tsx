// One deadline as a line of a list: day, what it is, its state.
import { Link } from '@remix-run/react';
import { Fragment, type ReactNode } from 'react';
import { DateMarks } from './date-marks.tsx';
import type { DeadlineView } from './deadline-view.ts';
import { StatusBadge } from './status-badge.tsx';

/** Where the page of a deadline is. */
const pageOf = (id: number) => `/vencimientos/${id}`;

/**
 * A list of deadlines, one line each; `to` says where a line leads, to its page by default; null for a reader who may
 * not open it. With `choose` each has a box named `id`, ticked or not, for a form around the list. What `after` gives
 * for an id is a line of its own.
 */
export function DeadlineLines({
  deadlines,
  to = pageOf,
  choose,
  after,
}: {
  deadlines: DeadlineView[];
  to?: ((id: number) => string) | null | undefined;
  choose?: { ticked: boolean } | undefined;
  after?: (id: number) => ReactNode;
}) {
  return (
    <ul className="lines">
      {deadlines.map((deadline, index) => {
        const more = after?.(deadline.id);
        return (
          <Fragment key={deadline.id}>
            <DeadlineLine
              deadline={deadline}
              to={to && to(deadline.id)}
              choose={choose}
              sameDay={deadline.due_on !== null && deadline.due_on === deadlines[index - 1]?.due_on}
            />
            {more && <li className="line-more">{more}</li>}
          </Fragment>
        );
      })}
    </ul>
  );
}

/** A day is written once: the lines after it that share it leave its place blank, except to assistive technology. */
function DeadlineLine(props: {
  deadline: DeadlineView;
  to: string | null;
  choose: { ticked: boolean } | undefined;
  sameDay: boolean;
}) {
  const { deadline, to, choose, sameDay } = props;
  return (
    <li className={sameDay ? 'line same-day' : 'line'}>
      <div className="line-day">
        {deadline.due_on === null ? (
          'Sin fecha'
        ) : (
          <time className={sameDay ? 'unseen' : undefined} dateTime={deadline.due_on}>
            {deadline.due_short}
          </time>
        )}
        {deadline.due_hour && <span className="line-hour">{deadline.due_hour}</span>}
      </div>
      <div className="line-what">
        {choose && (
          <label className="line-choice">
            <input type="checkbox" name="id" value={deadline.id} defaultChecked={choose.ticked} />
            <span className="unseen">Elegir {deadline.title}</span>
          </label>
        )}
        {to === null ? (
          <span className="line-title">{deadline.title}</span>
        ) : (
          <Link to={to} className="line-title" preventScrollReset={to.startsWith('/calendario')}>
            {deadline.title}
          </Link>
        )}
        <p className="quiet">
          {deadline.ref} · {deadline.area} <DateMarks of={deadline} brief />
        </p>
        {deadline.waiting_for && <p className="quiet">Espera: {deadline.waiting_for}</p>}
      </div>
      <div className="line-state">
        <StatusBadge status={deadline.status} distance={deadline.distance} />
      </div>
    </li>
  );
}
