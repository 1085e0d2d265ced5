// One report of compliance with what was decided about it.
import { Link } from '@remix-run/react';
import { EvidenceList } from './evidence-list.tsx';
import { Facts } from './facts.tsx';
import type { ReportView } from './report-words.ts';
import { UserText } from './user-text.tsx';

/** `linked` offers the way to the receipt. */
export function ReportCard({ report, linked = true }: { report: ReportView; linked?: boolean }) {
  const { review } = report;
  return (
    <article className="report">
      <h3>
        Reporte {linked ? <Link to={`/acuses/${report.folio}`}>{report.folio}</Link> : report.folio}
        <span className="quiet"> · recibido {report.received}</span>
      </h3>
      <EvidenceList files={report.files} download={report.download} />
      <Facts
        rows={[
          ['¿Se cumplió?', report.fulfilment],
          ['Fecha del acto', `${report.act} (${report.timeliness.toLowerCase()})`],
          ['Con', report.document],
          ['Reportó', report.by],
        ]}
      />
      {report.note && <UserText>{report.note}</UserText>}
      <p className="verdict" data-decision={review?.decision ?? 'pending'}>
        {review === null && '◆ En revisión: la Dirección aún no decide.'}
        {review && `${review.verdict} ${review.by}.`}
      </p>
      {review?.words && <UserText>{review.words}</UserText>}
    </article>
  );
}
