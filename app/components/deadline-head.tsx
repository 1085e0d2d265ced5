// The head of a form about one deadline: what will be done, to which deadline, and how it stands.
import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { DateMarks } from './date-marks.tsx';
import type { DeadlineView } from './deadline-view.ts';
import { PageHeader } from './page-header.tsx';
import { StatusBadge } from './status-badge.tsx';

export function DeadlineHead(props: { title: string; deadline: DeadlineView; children?: ReactNode }) {
  const { title, deadline } = props;
  return (
    <PageHeader title={title} kicker={deadline.ref}>
      <p className="lead">
        <Link to={`/vencimientos/${deadline.id}`}>{deadline.title}</Link>
      </p>
      <DeadlineStanding deadline={deadline} />
      {props.children}
    </PageHeader>
  );
}

/** How a deadline stands: its state, its date, and what its date does not settle. */
export function DeadlineStanding({ deadline }: { deadline: DeadlineView }) {
  return (
    <p>
      <StatusBadge status={deadline.status} distance={deadline.distance} />{' '}
      {deadline.due && (
        <>
          {deadline.due_verb} <time dateTime={deadline.due_on ?? undefined}>{deadline.due}</time>
        </>
      )}{' '}
      <DateMarks of={deadline} />
    </p>
  );
}
