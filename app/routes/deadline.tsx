// Everything on one deadline: its date and why, its clause, its people, what was handed in, who was told.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { ClimbedLadder, viewLadder } from '../components/climbed-ladder.tsx';
import type { DeadlineAction } from '../components/deadline-facts.tsx';
import { DateFile } from '../components/date-file.tsx';
import { viewDateFile } from '../components/date-file-view.ts';
import { DateMarks } from '../components/date-marks.tsx';
import { Anchors, ByHand } from '../components/deadline-facts.tsx';
import { DeadlineHistory } from '../components/deadline-history.tsx';
import { DeadlineLines } from '../components/deadline-line.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { Explanations } from '../components/explanations.tsx';
import { Facts } from '../components/facts.tsx';
import { milestonePath } from '../components/milestone-words.ts';
import { instantWords } from '../components/moment-words.ts';
import { NoticeLedger } from '../components/notice-ledger.tsx';
import { answerWords, nextNoticeWords, viewNotice } from '../components/notice-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { ReportCard } from '../components/report-card.tsx';
import { RequestCard } from '../components/request-card.tsx';
import { viewRequest } from '../components/request-words.ts';
import { viewReport } from '../components/report-words.ts';
import { StatusBadge } from '../components/status-badge.tsx';
import { VERIFICATION_WORDS } from '../components/verification-words.ts';
import { OPEN_STATUSES } from '../domain/deadline-status.ts';
import { loadAttention } from '../../db/attention.ts';
import { visibleText } from '../domain/free-text.ts';
import { formatLongDate } from '../domain/plain-date.ts';
import { REQUEST_WORDS } from '../domain/request-form.ts';
import { storedRuleWords } from '../domain/rule-words.ts';
import { WAIVER_WORDS } from '../domain/waiver.ts';
import { findOriginalDate, listRequestsOfDeadline } from '../../db/area-requests.ts';
import { listHolders } from '../../db/deadlines.ts';
import { findLadder } from '../../db/ladders.ts';
import { listAnswers } from '../../db/notice-answers.ts';
import { listLedger } from '../../db/notice-ledger.ts';
import { loadReach } from '../../db/reach.ts';
import type { AreaRole } from '../../db/schema.ts';
import { listSubmissions } from '../../db/submissions.ts';
import { mayEnter, requireActor } from '../server/access.ts';
import {
  mayHaveNoticeProof,
  mayReadEvidence,
  reportingArea,
  reportVerb,
  requireDeadline,
} from '../server/deadline-access.ts';
import { deadlineFacts } from '../server/deadline-facts.ts';
import { viewExplanations } from '../server/explanations.ts';
import { obligationPath } from '../server/obligation-access.ts';
import { readId } from '../server/request-input.ts';

const AREA_ROLE_WORDS: Record<AreaRole, string> = {
  responsible: 'Responsable',
  co_responsible: 'Corresponsable',
  informed: 'Se le informa',
};

/** What an area may ask about a deadline of its own. */
function askingActions({ id, due_on }: { id: number; due_on: string | null }): DeadlineAction[] {
  const page = `/vencimientos/${id}/solicitar`;
  return [
    ...(due_on === null ? [] : [{ to: page, label: REQUEST_WORDS.extension }]),
    { to: `${page}?que=no-corresponde`, label: REQUEST_WORDS.not_ours },
  ];
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline');
  const { db } = context;
  const { deadline, areas } = await requireDeadline(db, moment, actor, readId(params.id));
  const [
    submissions,
    notices,
    answers,
    holders,
    ladder,
    reach,
    attention,
    requests,
    original,
    explanations,
    { waiver, ...facts },
  ] = await Promise.all([
    listSubmissions(db, deadline.id),
    listLedger(db, { deadline: deadline.id }),
    listAnswers(db, deadline.id),
    listHolders(
      db,
      areas.map(({ id }) => id),
      moment.today,
    ),
    findLadder(db, { deadline: deadline.id }),
    loadReach(db, moment.today, []),
    loadAttention(db),
    listRequestsOfDeadline(db, deadline.id),
    findOriginalDate(db, deadline.id),
    viewExplanations(db, deadline.id, moment),
    deadlineFacts(db, moment, actor, deadline),
  ]);
  const area = reportingArea(actor, areas);
  const open = OPEN_STATUSES.includes(deadline.status);
  const told = notices.some(
    (notice) =>
      notice.person_id === actor.id &&
      notice.deadline_version === deadline.version &&
      notice.standing === 'accepted',
  );
  const mine = actor.areas.some(({ id }) => id === area?.id);
  return {
    deadline: viewDeadline(deadline, moment.today),
    description: deadline.description,
    evidence: deadline.evidence_expected,
    note: deadline.obligation_note,
    clause: { heading: deadline.clause_heading, text: deadline.clause_text },
    rule: deadline.sentence,
    verification: VERIFICATION_WORDS[deadline.verification],
    steps: viewDateFile(deadline.steps),
    words: storedRuleWords(deadline.rule, deadline.steps) ?? null,
    obligation: obligationPath(deadline),
    computed: `Versión ${deadline.version} de la fecha, ${deadline.manual_ground ? 'fijada' : 'calculada'} el ${instantWords(deadline.computed_at)} con la versión ${deadline.rule_version} de la regla.`,
    areas: areas.map(({ id, name, institution, role }) => ({
      name: `${name} (${institution})`,
      role: AREA_ROLE_WORDS[role],
      people: holders
        .filter((holder) => holder.area_id === id)
        .map(({ name: person, title }) => (person === title ? person : `${person}, ${title}`)),
    })),
    reports: submissions.map((submission) =>
      viewReport(submission, deadline, {
        files: submission.files,
        download: mayReadEvidence(actor, areas, submission),
      }),
    ),
    notices: notices.map(viewNotice),
    answers: answers.map(answerWords),
    mails: mayEnter(actor, 'notice-mail'),
    proof: mayHaveNoticeProof(actor, areas),
    next:
      open && ladder && deadline.due_on !== null
        ? nextNoticeWords(
            ladder.versions,
            { ...deadline, due_on: deadline.due_on },
            moment,
            attention,
            reach.directions.get(ladder.direction_area_id)?.above,
          )
        : null,
    ladder: ladder ? viewLadder(ladder, moment.today, mayEnter(actor, 'ladders')) : null,
    waiver: waiver && {
      ...waiver,
      kind: WAIVER_WORDS[waiver.kind],
      recorded: instantWords(waiver.recorded_at),
    },
    waiting:
      deadline.waiting_for_key && facts.overview ? milestonePath(deadline.waiting_for_key, null) : null,
    report: open && area ? reportVerb(actor, area) : null,
    requests: requests.map(viewRequest),
    explanations,
    original: original?.due_on
      ? `Prórroga concedida (${original.document}). La fecha original era el ${formatLongDate(original.due_on)}.`
      : null,
    ...facts,
    actions: [
      ...(open && told
        ? [{ to: `/vencimientos/${deadline.id}/aviso`, label: 'Acusar o posponer el aviso' }]
        : []),
      ...(deadline.status === 'overdue' && area
        ? [{ to: `/vencimientos/${deadline.id}/causa`, label: 'Causa y compromiso' }]
        : []),
      ...(open && mine ? askingActions(deadline) : []),
      ...facts.actions,
    ],
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
            <span>
              sin fecha: espera a{' '}
              {page.waiting ? <Link to={page.waiting}>{deadline.waiting_for}</Link> : deadline.waiting_for}
            </span>
          )}
        </p>
        <p>
          <DateMarks of={deadline} />
        </p>
        {page.original && <p className="notice">{page.original}</p>}
        {(page.report || page.actions.length > 0) && (
          <p className="actions">
            {page.report && (
              <Link className="button" to={`/vencimientos/${deadline.id}/reportar`}>
                {page.report}
              </Link>
            )}
            {page.actions.map(({ to, label, file }) => (
              <Link key={to} className="more" to={to} reloadDocument={file ?? false}>
                {label}
              </Link>
            ))}
          </p>
        )}
      </PageHeader>
      <div className="columns">
        <div>
          <section aria-labelledby="por-que">
            <h2 id="por-que">{deadline.due ? '¿Por qué esta fecha?' : '¿Por qué no tiene fecha?'}</h2>
            {page.byHand && <ByHand date={page.byHand} />}
            <DateFile
              rule={page.words}
              steps={page.steps}
              result={
                page.byHand
                  ? `La regla da ${page.byHand.computed ?? 'ninguna fecha todavía'}`
                  : deadline.due
                    ? `${deadline.due_verb} ${deadline.due}`
                    : 'Sin fecha todavía'
              }
              computed={page.computed}
              provisional={deadline.provisional}
            />
            <Anchors anchors={page.anchors} />
          </section>
          {page.dependants.length > 0 && (
            <section aria-labelledby="dependen">
              <h2 id="dependen">
                {deadline.obligor === 'INE' ? 'Plazos que esperan esta entrega' : 'De ésta dependen'}
              </h2>
              <DeadlineLines deadlines={page.dependants} />
            </section>
          )}
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
            <p className="no-print">
              <Link to={page.obligation}>Ver la obligación con su regla, sus versiones y sus fechas</Link>
            </p>
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
                <strong>{waiver.kind}.</strong> {visibleText(`${waiver.reason} (${waiver.document}).`)}{' '}
                Registró {waiver.name}, {waiver.recorded}.
              </p>
            )}
          </section>
          <Explanations entries={page.explanations} />
          {page.requests.length > 0 && (
            <section aria-labelledby="solicitudes">
              <h2 id="solicitudes">Solicitudes</h2>
              {page.requests.map((request) => (
                <RequestCard key={request.id} request={request} />
              ))}
            </section>
          )}
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
      <section aria-labelledby="historia">
        <h2 id="historia">Historia</h2>
        <DeadlineHistory entries={page.history} linked={page.overview} />
      </section>
      <section aria-labelledby="avisos">
        <h2 id="avisos">Avisos</h2>
        {page.ladder && <ClimbedLadder {...page.ladder} />}
        {page.next && <p>{page.next}</p>}
        {page.answers.length > 0 && (
          <ul className="plain-list">
            {page.answers.map(({ id, words }) => (
              <li key={id}>{words}</li>
            ))}
          </ul>
        )}
        <NoticeLedger notices={page.notices} mails={page.mails} />
        {page.proof && page.notices.length > 0 && (
          <p className="no-print">
            <a href={`/vencimientos/${deadline.id}/constancia.pdf`}>
              Descargar la constancia de avisos (PDF)
            </a>
          </p>
        )}
      </section>
    </>
  );
}
