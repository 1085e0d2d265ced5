// One obligation: what its clause says, how its dates are computed and were before, and the dates themselves.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { ClimbedLadder, viewLadder } from '../components/climbed-ladder.tsx';
import { DateMarks } from '../components/date-marks.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { instantWords } from '../components/moment-words.ts';
import { NoticeLedger } from '../components/notice-ledger.tsx';
import { viewNotice } from '../components/notice-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { VERIFICATION_WORDS } from '../components/verification-words.ts';
import type { DeadlineStatus } from '../domain/deadline-status.ts';
import { standingCountWords } from '../domain/notice-standing.ts';
import { ruleWords } from '../domain/rule-words.ts';
import { listDeadlinesById } from '../../db/deadlines.ts';
import { findLadder } from '../../db/ladders.ts';
import { countLedger, listLedger } from '../../db/notice-ledger.ts';
import { anchorsInWords, listDeadlineIds, listRuleAnchors, listRuleVersions } from '../../db/rules.ts';
import { mayEnter, requireActor } from '../server/access.ts';
import { ledgerPath } from '../server/ledger-request.ts';
import { obligationPath, requireObligation } from '../server/obligation-access.ts';

/** An obligation of every month gathers hundreds over a process: so many of the newest are shown. */
const MOST_NOTICES = 30;

/** The order in which the dates are grouped: what asks for something first. */
const STATES: DeadlineStatus[] = [
  'overdue',
  'due_soon',
  'on_track',
  'in_review',
  'waiting',
  'concluded_on_time',
  'concluded_late',
  'waived',
];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'obligation');
  const { db } = context;
  const { obligation, areas } = await requireObligation(db, actor, params.ref, request.url);
  const ofThis = { obligation: obligation.ref, process: obligation.process_key };
  const [versions, anchors, rows, notices, counts, ladder] = await Promise.all([
    listRuleVersions(db, obligation.id),
    listRuleAnchors(db, obligation.process_id),
    listDeadlineIds(db, obligation.id).then((ids) => listDeadlinesById(db, moment, ids)),
    listLedger(db, ofThis, { offset: 0, size: MOST_NOTICES }),
    countLedger(db, ofThis),
    findLadder(db, { obligation: obligation.id }),
  ]);
  const anchorOf = anchorsInWords(anchors);
  const namesOnly = (key: string) => {
    const anchor = anchorOf(key);
    return anchor && { name: anchor.name };
  };
  const deadlines = rows.map((row) => viewDeadline(row, moment.today));
  const saved = Number(new URL(request.url).searchParams.get('guardada'));
  return {
    ref: obligation.ref,
    title: obligation.title,
    process: obligation.process_name,
    description: obligation.description,
    instrument: { to: `/instrumentos/${obligation.instrument_key}`, title: obligation.instrument_title },
    clause: {
      number: obligation.clause_number,
      heading: obligation.clause_heading,
      text: obligation.clause_text,
    },
    basis: obligation.legal_basis,
    condition: obligation.condition,
    verification: VERIFICATION_WORDS[obligation.verification],
    counterpart: `${obligation.counterpart_name} (${obligation.counterpart_institution})`,
    areas: areas.filter(({ role }) => role !== 'informed').map(({ name }) => name),
    rule: versions[0]?.rule ? ruleWords(versions[0].rule, anchorOf) : 'Sin regla: ya no da fechas',
    versions: versions.map(({ rule, recorded_at, valid_until, undone_at, recorded_by, ...version }) => ({
      ...version,
      // Earlier versions name what they counted from without its date, which may have moved since.
      words: rule ? ruleWords(rule, namesOnly) : 'Sin regla: se derogó',
      who: recorded_by ?? 'Carga del catálogo',
      from: instantWords(recorded_at),
      until: valid_until && instantWords(valid_until),
      undone: undone_at && instantWords(undone_at),
    })),
    deadlines: STATES.flatMap((status) => deadlines.filter((deadline) => deadline.status === status)),
    notices: notices.map(viewNotice),
    told: standingCountWords(counts),
    newest: [...counts.values()].reduce((sum, count) => sum + count, 0) > MOST_NOTICES,
    ledger: mayEnter(actor, 'notice-ledger')
      ? ledgerPath({ obligacion: obligation.ref, proceso: obligation.process_key })
      : null,
    ladder: ladder ? viewLadder(ladder, moment.today, mayEnter(actor, 'ladders')) : null,
    standing: versions[0]?.rule?.type === 'standing',
    edit: actor.roles.includes('direction') ? obligationPath(obligation, '/regla') : null,
    saved:
      versions.find(({ version, change_id }) => version === saved && change_id !== null)?.version ?? null,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `${data.ref} ${data.title}` : 'Obligación'} · Seguimiento de Convenios` },
];

export default function Obligation() {
  const page = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={page.title} kicker={`${page.ref} · ${page.process}`}>
        <p>{page.description}</p>
      </PageHeader>
      {page.saved && (
        <p className="notice notice-good" role="status">
          Se guardó la versión {page.saved} de la regla y se calcularon otra vez las fechas.
        </p>
      )}
      <section aria-labelledby="regla">
        <h2 id="regla">Cómo se calcula su plazo</h2>
        <p className="rule-words">{page.rule}.</p>
        {page.edit && (
          <p className="actions">
            <Link className="button button-quiet" to={page.edit}>
              Cambiar la regla
            </Link>
          </p>
        )}
        <table className="table stack">
          <caption>Versiones de la regla, la vigente primero</caption>
          <thead>
            <tr>
              <th scope="col">Versión</th>
              <th scope="col">Regla y palabras del documento</th>
              <th scope="col">Por qué documento</th>
              <th scope="col">Quién y desde cuándo</th>
              <th scope="col">Vigente hasta</th>
            </tr>
          </thead>
          <tbody>
            {page.versions.map(({ version, words, sentence, act, who, from, until, undone }) => (
              <tr key={version}>
                <th scope="row">
                  <span className="phone-only">Versión </span>
                  {version}
                </th>
                <td data-label="Regla">
                  {words}
                  <span className="quiet">«{sentence}»</span>
                </td>
                <td data-label="Documento">
                  {act ?? 'El propio instrumento'}
                  {undone && <span className="quiet">Se deshizo: {undone}</span>}
                </td>
                <td data-label="Quién">
                  {who}
                  <span className="quiet">{from}</span>
                </td>
                <td data-label="Vigente hasta">{until ?? 'Vigente'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section aria-labelledby="clausula">
        <h2 id="clausula">Cláusula y fundamento</h2>
        {page.clause.text && <blockquote className="clause-text">{page.clause.text}</blockquote>}
        <Facts
          rows={[
            ['Instrumento', <Link to={page.instrument.to}>{page.instrument.title}</Link>],
            ['Cláusula', `${page.clause.number}. ${page.clause.heading}`],
            ['Fundamento', page.basis],
            ['Cotejo', page.verification],
            ['Sólo si', page.condition],
            ['A cargo de', page.areas.join('; ')],
            ['Entregar a', page.counterpart],
          ]}
        />
      </section>
      <section aria-labelledby="vencimientos">
        <h2 id="vencimientos">Vencimientos</h2>
        {page.deadlines.length === 0 ? (
          <EmptyState>
            {page.standing
              ? 'Es un deber permanente: no tiene vencimientos propios.'
              : 'Todavía no tiene vencimientos: su evento no ha ocurrido.'}
          </EmptyState>
        ) : (
          <table className="table stack">
            <caption>Por estado, primero lo que pide hacer algo</caption>
            <thead>
              <tr>
                <th scope="col">Fecha</th>
                <th scope="col">Estado</th>
                <th scope="col">Nota</th>
              </tr>
            </thead>
            <tbody>
              {page.deadlines.map((deadline) => (
                <tr key={deadline.id}>
                  <th scope="row" data-label="Fecha">
                    <Link to={`/vencimientos/${deadline.id}`}>
                      {deadline.due ?? `En espera: ${deadline.waiting_for ?? ''}`}
                    </Link>
                  </th>
                  <td data-label="Estado">
                    <StatusBadge status={deadline.status} distance={deadline.distance} />
                  </td>
                  <td data-label="Nota">
                    <span>
                      <DateMarks of={deadline} brief />
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section aria-labelledby="avisos">
        <h2 id="avisos">Avisos</h2>
        {page.ladder && !page.standing && <ClimbedLadder {...page.ladder} />}
        {page.notices.length > 0 && (
          <p>
            {page.told}.{page.newest && ` Se muestran los ${page.notices.length} más recientes.`}{' '}
            {page.ledger && <Link to={page.ledger}>Ver todos en el libro de avisos</Link>}
          </p>
        )}
        <NoticeLedger notices={page.notices} deadlines mails={page.ledger !== null} />
      </section>
    </>
  );
}
