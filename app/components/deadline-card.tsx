// One deadline as a card of somebody's work: state, when, what, to whom, and the one thing to do about it.
import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { DateMarks } from './date-marks.tsx';
import type { DeadlineView } from './deadline-view.ts';
import { Facts } from './facts.tsx';
import { StatusBadge } from './status-badge.tsx';

export interface Holder {
  title: string;
  name: string;
}

interface Props {
  deadline: DeadlineView;
  people: { responsible: Holder | null; deputy: Holder | null };
  /** The area is named only to somebody who belongs to several. */
  showArea: boolean;
  /** Label of the button that opens the report form; without it there is nothing to report. */
  action?: string;
  /** Something was handed in before and can be looked at. */
  sent?: boolean;
  children?: ReactNode;
}

/** Name and post, said once when the name is the post's. */
const holder = (person: Holder | null) =>
  person && (person.name === person.title ? person.name : `${person.name} (${person.title})`);

export function DeadlineCard({ deadline, people, showArea, action, sent, children }: Props) {
  const page = `/vencimientos/${deadline.id}`;
  return (
    <article className="card deadline-card" data-status={deadline.status}>
      <p className="card-state">
        <StatusBadge status={deadline.status} distance={deadline.distance} />
        {deadline.due ? (
          <span>
            {deadline.due_verb} <time dateTime={deadline.due_on ?? undefined}>{deadline.due}</time>
          </span>
        ) : (
          <span>{deadline.waiting_for}</span>
        )}
        <DateMarks of={deadline} />
      </p>
      <h3>
        <Link to={page}>{deadline.title}</Link>
      </h3>
      <p className="quiet">
        {deadline.ref} · {deadline.citation} · {deadline.legal_basis}
      </p>
      {children}
      <Facts
        inline
        rows={[
          ['Proceso', deadline.process],
          ['Área', showArea && deadline.area],
          ['Entregar a', deadline.counterpart],
          ['Responsable', holder(people.responsible) ?? '⚠ sin persona responsable vigente'],
          ['Suplente', holder(people.deputy) ?? '⚠ sin suplente'],
          ['Sólo si', deadline.condition],
          ['Se puede desde', deadline.opens],
        ]}
      />
      <p className="card-actions">
        {action && (
          <Link className="button" to={`${page}/reportar`}>
            {action} <span className="unseen">de {deadline.title}</span>
          </Link>
        )}
        {action && deadline.due && (
          <Link className="more" to={`${page}/solicitar`}>
            Solicitar prórroga <span className="unseen">de {deadline.title}</span>
          </Link>
        )}
        {action && (
          <Link className="more" to={`${page}/solicitar?que=no-corresponde`}>
            No corresponde a mi área <span className="unseen">: {deadline.title}</span>
          </Link>
        )}
        {sent && (
          <Link className="more" to={`${page}#reportes`}>
            Ver lo que enviaste <span className="unseen">en {deadline.title}</span>
          </Link>
        )}
        <Link className="more" to={`${page}#por-que`}>
          {deadline.due ? '¿Por qué esta fecha?' : '¿Por qué no tiene fecha?'}{' '}
          <span className="unseen">{deadline.title}</span>
        </Link>
        <Link className="more" to={`${page}#avisos`}>
          Avisos <span className="unseen">de {deadline.title}</span>
        </Link>
      </p>
    </article>
  );
}
