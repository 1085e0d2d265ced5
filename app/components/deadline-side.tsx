// A deadline opened beside the calendar; on a phone it is the whole page, with the way back on top.
import { Link, useNavigationType } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { DateMarks } from './date-marks.tsx';
import { DeadlineHistory } from './deadline-history.tsx';
import type { DeadlineView } from './deadline-view.ts';
import { Facts } from './facts.tsx';
import type { HistoryView } from './history-words.ts';
import { StatusBadge } from './status-badge.tsx';

/** What is told of a deadline beside the calendar. */
export interface DeadlinePanel {
  deadline: DeadlineView;
  description: string;
  evidence: string;
  rule: string;
  clause: { heading: string; text: string | null };
  people: string[];
  history: HistoryView[];
  /** The report that waits for this person's decision. */
  review: number | null;
}

/** The panel; `close` is the address of the calendar without it. */
export function DeadlineSide(props: DeadlinePanel & { close: string }) {
  const { deadline, clause, people, history, review, close } = props;
  const title = useFocusWhenOpened(deadline.id);
  return (
    <aside className="panel side" aria-labelledby="ver">
      <p className="side-close no-print">
        <Link to={close} preventScrollReset>
          <span aria-hidden="true">✕ </span>Cerrar y volver al calendario
        </Link>
      </p>
      <p className="kicker">{deadline.ref}</p>
      <h2 id="ver" ref={title} tabIndex={-1}>
        {deadline.title}
      </h2>
      <p>
        <StatusBadge status={deadline.status} distance={deadline.distance} />{' '}
        {deadline.due ? (
          <>
            {deadline.due_verb} <time dateTime={deadline.due_on ?? undefined}>{deadline.due}</time>
          </>
        ) : (
          `sin fecha: espera a ${deadline.waiting_for}`
        )}
      </p>
      <p>
        <DateMarks of={deadline} />
      </p>
      <p className="actions">
        {review !== null && (
          <Link className="button" to={`/revision/${review}`}>
            Revisar el reporte
          </Link>
        )}
        <Link className="more" to={`/vencimientos/${deadline.id}`}>
          Abrir el expediente
        </Link>
      </p>
      <Facts
        rows={[
          ['Qué se entrega', props.description],
          ['Evidencia esperada', props.evidence],
          ['Plazo', props.rule],
          ['Área responsable', deadline.area],
          ['Responde', people.join(' · ')],
          ['Entregar a', deadline.counterpart],
          ['Cláusula', `${deadline.citation}. ${clause.heading}`],
          ['Fundamento', deadline.legal_basis],
          ['Sólo si', deadline.condition],
        ]}
      />
      {clause.text && (
        <details>
          <summary>Texto de la cláusula</summary>
          <blockquote className="clause-text">{clause.text}</blockquote>
        </details>
      )}
      <h2>Historia</h2>
      <DeadlineHistory entries={history} linked />
    </aside>
  );
}

/** A panel opened by a link of the page takes the focus; one that came with the page leaves it where it is. */
function useFocusWhenOpened(id: number) {
  const title = useRef<HTMLHeadingElement>(null);
  const how: string = useNavigationType();
  useEffect(() => {
    if (how === 'PUSH') title.current?.focus();
  }, [id, how]);
  return title;
}
