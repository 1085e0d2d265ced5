// What depends on the Dirección, at the side of the calendar: each number opens the list it counts.
import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { calendarPath, NOTHING, type CalendarQuery } from './calendar-query.ts';

export interface Desk {
  /** Null for a past cut: the queue is of the present. */
  reviews: { count: number; oldest: string | null } | null;
  /** What areas asked and nobody decided; null for a past cut. */
  requests: number | null;
  events: number;
  waiting: number;
  provisional: number;
  unverified: number;
  /** Null for a past cut, like the queue. */
  uncovered: number | null;
  /** People whose address turns mail away; null for a past cut. */
  bouncing: number | null;
  heartbeat: { ok: boolean; words: string } | null;
}

/** `reviewer` may open the queues and `manager` the people; others see the numbers. */
export function DeskPanel(props: {
  desk: Desk;
  query: Pick<CalendarQuery, 'proceso' | 'corte'>;
  reviewer: boolean;
  manager: boolean;
}) {
  const { desk, reviewer, manager } = props;
  const { proceso, corte } = props.query;
  const { reviews, requests, events, waiting, provisional, unverified, uncovered, bouncing } = desk;
  const list = (changes: Partial<CalendarQuery>) => calendarPath(NOTHING, { ...changes, proceso, corte });
  return (
    <aside className="panel desk" aria-labelledby="depende">
      <h2 id="depende">Depende de la Dirección</h2>
      <dl>
        {reviews && (
          <Row name="Reportes por revisar" note={reviews.oldest && `el más antiguo espera ${reviews.oldest}`}>
            {reviewer && reviews.count > 0 ? <Link to="/revision">{reviews.count}</Link> : reviews.count}
          </Row>
        )}
        {requests !== null && (
          <Row name="Solicitudes por resolver">
            {reviewer && requests > 0 ? <Link to="/solicitudes">{requests}</Link> : requests}
          </Row>
        )}
        <Row
          name="Eventos sin fecha"
          note={
            waiting > 0 && (
              <Link to={list({ estado: 'en-espera' })}>
                {waiting === 1 ? 'detienen 1 vencimiento' : `detienen ${waiting} vencimientos`}
              </Link>
            )
          }
        >
          {events > 0 && corte === '' ? <Link to="/hitos#sin-fecha">{events}</Link> : events}
        </Row>
        <Row name="Fechas provisionales">
          {provisional > 0 ? <Link to={list({ duda: 'provisional' })}>{provisional}</Link> : 0}
        </Row>
        <Row name="Por cotejar">
          {unverified > 0 ? <Link to={list({ duda: 'por-cotejar' })}>{unverified}</Link> : 0}
        </Row>
        {uncovered !== null && (
          <Row name="Áreas sin persona vigente">
            {uncovered > 0 && manager ? <Link to="/personas">{uncovered}</Link> : uncovered}
          </Row>
        )}
        {bouncing !== null && (
          <Row name="Direcciones que rebotan">
            {bouncing > 0 && manager ? <Link to="/personas#rebotan">{bouncing}</Link> : bouncing}
          </Row>
        )}
      </dl>
      {manager && (
        <p>
          <Link to="/avisos">Libro de avisos</Link>
        </p>
      )}
    </aside>
  );
}

function Row({ name, note, children }: { name: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>
        {name}
        {note && <span className="quiet">{note}</span>}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
