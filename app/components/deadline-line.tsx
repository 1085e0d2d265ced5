// One deadline as a line of a list: day, what it is, its state.
import { Link } from '@remix-run/react';
import { DateMarks } from './date-marks.tsx';
import type { DeadlineView } from './deadline-view.ts';
import { StatusBadge } from './status-badge.tsx';

/** A list of deadlines, one line each. */
export function DeadlineLines({ deadlines }: { deadlines: DeadlineView[] }) {
  return (
    <ul className="lines">
      {deadlines.map((deadline, index) => (
        <DeadlineLine
          key={deadline.id}
          deadline={deadline}
          sameDay={deadline.due_on !== null && deadline.due_on === deadlines[index - 1]?.due_on}
        />
      ))}
    </ul>
  );
}

/** A day is written once: the lines after it that share it leave its place blank, except to assistive technology. */
function DeadlineLine({ deadline, sameDay }: { deadline: DeadlineView; sameDay: boolean }) {
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
        <Link to={`/vencimientos/${deadline.id}`} className="line-title">
          {deadline.title}
        </Link>
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
