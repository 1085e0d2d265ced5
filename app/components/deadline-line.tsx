// One deadline as a line of a list: day, what it is, its state.
import { Link } from '@remix-run/react';
import { DateMarks } from './date-marks.tsx';
import type { DeadlineView } from './deadline-view.ts';
import { StatusBadge } from './status-badge.tsx';

/** A list of deadlines, one line each. */
export function DeadlineLines({ deadlines }: { deadlines: DeadlineView[] }) {
  return (
    <ul className="lines">
      {deadlines.map((deadline) => (
        <DeadlineLine key={deadline.id} deadline={deadline} />
      ))}
    </ul>
  );
}

function DeadlineLine({ deadline }: { deadline: DeadlineView }) {
  return (
    <li className="line">
      <div className="line-day">
        {deadline.due_on === null ? (
          'Sin fecha'
        ) : (
          <time dateTime={deadline.due_on} title={deadline.due ?? undefined}>
            {deadline.due_short}
          </time>
        )}
        {deadline.due_hour && <span className="line-hour">{deadline.due_hour}</span>}
      </div>
      <div className="line-what">
        <Link to={`/vencimientos/${deadline.id}`} className="line-title">
          {deadline.title}
        </Link>
        <p className="quiet">
          {deadline.ref} · {deadline.citation} · {deadline.area}
        </p>
        {deadline.waiting_for && <p className="quiet">Espera: {deadline.waiting_for}</p>}
        <DateMarks of={deadline} />
      </div>
      <div className="line-state">
        <StatusBadge status={deadline.status} distance={deadline.distance} />
      </div>
    </li>
  );
}
