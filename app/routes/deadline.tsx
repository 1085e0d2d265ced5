// Everything on one deadline: its date and why, its clause, its people, what was handed in, who was told.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { DateFile } from '../components/date-file.tsx';
import { DateMarks } from '../components/date-marks.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { instantWords } from '../components/moment-words.ts';
import { NoticeLedger } from '../components/notice-ledger.tsx';
import { nextNoticeWords, viewNotice } from '../components/notice-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { ReportCard } from '../components/report-card.tsx';
import { viewReport } from '../components/report-words.ts';
import { StatusBadge } from '../components/status-badge.tsx';
import { OPEN_STATUSES } from '../domain/deadline-status.ts';
import { findWaiver, listHolders } from '../../db/deadlines.ts';
import { listNoticesOfDeadline } from '../../db/notices.ts';
import type { AreaRole } from '../../db/schema.ts';
import { listSubmissions } from '../../db/submissions.ts';
import { requireActor } from '../server/access.ts';
import { reportingArea, reportVerb, requireDeadline } from '../server/deadline-access.ts';
import { readId } from '../server/request-input.ts';

const storedSteps = z.array(
  z.object({ op: z.string().optional(), text: z.string(), source: z.string().optional() }),
);

const VERIFICATION_WORDS = {
  law: 'El plazo consta en la ley citada.',
  calendar: 'La fecha viene de un calendario publicado.',
  unverified: 'Por cotejar con el anexo firmado: el plazo es un supuesto del catálogo.',
};

const AREA_ROLE_WORDS: Record<AreaRole, string> = {
  responsible: 'Responsable',
  co_responsible: 'Corresponsable',
  informed: 'Se le informa',
};

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline');
  const { db } = context;
  const { deadline, areas } = await requireDeadline(db, moment, actor, readId(params.id));
  const [submissions, notices, waiver, holders] = await Promise.all([
    listSubmissions(db, deadline.id),
    listNoticesOfDeadline(db, deadline.id),
    findWaiver(db, moment, deadline.id),
    listHolders(
      db,
      areas.map(({ id }) => id),
      moment.today,
    ),
  ]);
  const area = reportingArea(actor, areas);
  const open = OPEN_STATUSES.includes(deadline.status);
  const steps = storedSteps.parse(deadline.steps);
  return {
    deadline: viewDeadline(deadline, moment.today),
    description: deadline.description,
    evidence: deadline.evidence_expected,
    note: deadline.obligation_note,
    clause: { heading: deadline.clause_heading, text: deadline.clause_text },
    rule: deadline.sentence,
    verification: VERIFICATION_WORDS[deadline.verification],
    steps: steps
      .filter(({ op }) => op !== 'result')
      .map(({ text, source }) => (source ? { text, source } : { text })),
    computed: `Versión ${deadline.version}, calculada el ${instantWords(deadline.computed_at)}.`,
    areas: areas.map(({ id, name, institution, role }) => ({
      name: `${name} (${institution})`,
      role: AREA_ROLE_WORDS[role],
      people: holders
        .filter((holder) => holder.area_id === id)
        .map(({ name: person, title }) => (person === title ? person : `${person}, ${title}`)),
    })),
    reports: submissions.map((submission) => viewReport(submission, deadline)),
    notices: notices.map(viewNotice),
    next: open && deadline.due_on !== null ? nextNoticeWords(deadline.due_on, moment.today) : null,
    waiver: waiver && { ...waiver, recorded: instantWords(waiver.recorded_at) },
    report: open && area ? reportVerb(actor, area) : null,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: `${data ? `${data.deadline.ref} ${data.deadline.title}` : 'Vencimiento'} · Seguimiento de Convenios`,
  },
];

export default function Deadline() {
  const page = useLoaderData<typeof loader>();
  const { deadline, waiver } = page;
  const inReview = deadline.status === 'in_review';
  return (
    <>
      <PageHeader title={deadline.title} kicker={deadline.ref}>
        <p className="big-date">
          <StatusBadge status={deadline.status} distance={deadline.distance} />{' '}
          {deadline.due ? (
            <>
              {deadline.due_verb} <time dateTime={deadline.due_on ?? undefined}>{deadline.due}</time>
            </>
          ) : (
            `sin fecha: espera «${deadline.waiting_for ?? ''}»`
          )}
        </p>
        <p>
          <DateMarks of={deadline} />
        </p>
        {page.report && (
          <p className="actions">
            <Link className="button" to={`/vencimientos/${deadline.id}/reportar`}>
              {page.report}
            </Link>
          </p>
        )}
      </PageHeader>
      <div className="columns">
        <div>
          <section aria-labelledby="por-que">
            <h2 id="por-que">{deadline.due ? '¿Por qué esta fecha?' : '¿Por qué no tiene fecha?'}</h2>
            <DateFile
              steps={page.steps}
              result={deadline.due ? `${deadline.due_verb} ${deadline.due}` : 'Sin fecha todavía'}
              computed={page.computed}
              provisional={deadline.provisional}
            />
          </section>
          <section aria-labelledby="clausula">
            <h2 id="clausula">Cláusula y fundamento</h2>
            <Facts
              rows={[
                ['Cláusula', `${deadline.citation}. ${page.clause.heading}`],
                ['Plazo', page.rule],
                ['Fundamento', deadline.legal_basis],
                ['Cotejo', page.verification],
                ['Sólo si', deadline.condition],
              ]}
            />
            {page.clause.text && (
              <details>
                <summary>Texto de la cláusula</summary>
                <blockquote className="clause-text">{page.clause.text}</blockquote>
              </details>
            )}
            {page.note && <p className="notice">{page.note}</p>}
          </section>
          <section aria-labelledby="reportes">
            <h2 id="reportes">Reportes y revisiones</h2>
            {page.reports.length === 0 && (
              <EmptyState>{inReview ? 'En revisión.' : 'Todavía no se ha reportado nada.'}</EmptyState>
            )}
            {page.reports.map((report) => (
              <ReportCard key={report.id} report={report} />
            ))}
            {waiver && (
              <p className="notice">
                <strong>{waiver.kind === 'waived' ? 'Exceptuada.' : 'La condición no se actualizó.'}</strong>{' '}
                {waiver.reason} ({waiver.document}). Registró {waiver.name}, {waiver.recorded}.
              </p>
            )}
          </section>
        </div>
        <aside className="panel" aria-label="Quién y qué">
          <h2>Qué se entrega</h2>
          <p>{page.description}</p>
          <Facts
            rows={[
              ['Evidencia esperada', page.evidence],
              ['Entregar a', deadline.counterpart],
              ['Se puede desde', deadline.opens],
            ]}
          />
          <h2>Quién responde</h2>
          <ul className="areas">
            {page.areas.map(({ name, role, people }) => (
              <li key={`${role}${name}`}>
                <strong>{name}</strong> <span className="quiet">{role}</span>
                {people.map((person) => (
                  <span key={person} className="person-line">
                    {person}
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </aside>
      </div>
      <section aria-labelledby="avisos">
        <h2 id="avisos">Avisos</h2>
        {page.next && <p>{page.next}</p>}
        <NoticeLedger notices={page.notices} />
      </section>
    </>
  );
}
