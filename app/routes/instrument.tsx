// One instrument, clause by clause, each with the obligations it creates.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { instrumentPath, INSTRUMENT_WORDS } from '../components/instrument-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { formatShortDate, type IsoDate } from '../domain/plain-date.ts';
import { listOpenAddenda } from '../../db/addenda.ts';
import { listClauses, listVersions } from '../../db/instruments.ts';
import { requireActor } from '../server/access.ts';
import { requireInstrument } from '../server/instrument-access.ts';
import { obligationPath } from '../server/obligation-access.ts';
import { notFound, readId } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor } = await requireActor({ request, context }, 'instrument');
  const { db } = context;
  const { instrument, process } = await requireInstrument(db, request, params.key);
  const versions = await listVersions(db, instrument.id);
  const asked = new URL(request.url).searchParams.get('version');
  const shown = asked === null ? versions[0] : versions.find(({ version }) => version === readId(asked));
  if (!shown) throw notFound();
  const clauses = await listClauses(db, shown.id);
  const editor = actor.roles.some((role) => role === 'direction' || role === 'administrator');
  return {
    key: instrument.key,
    process,
    title: instrument.title,
    kind: INSTRUMENT_WORDS[instrument.kind],
    process_name: instrument.process_name,
    source: shown.source,
    readable: actor.roles.length > 0,
    editor,
    drafts: editor ? (await listOpenAddenda(db, instrument.id)).map(({ id, title }) => ({ id, title })) : [],
    current: shown.id === instrument.version_id,
    until: shown.in_force_until && formatShortDate(shown.in_force_until),
    versions: versions.map((version) => ({
      version: version.version,
      name: version.title ?? (version.version === 1 ? 'Texto original' : `Versión ${version.version}`),
      shown: version.id === shown.id,
      when: inForceWords(version),
      source: version.source,
    })),
    clauses: clauses.map((clause) => ({
      id: clause.id,
      number: clause.number,
      heading: clause.heading,
      text: clause.text,
      period:
        clause.period_from && clause.period_to
          ? `${formatShortDate(clause.period_from)} a ${formatShortDate(clause.period_to)}`
          : null,
      responsible: clause.responsible_name,
      deliverable: clause.deliverable,
      // The annual programme's notes are about how it was written down, not about what it asks.
      note: instrument.kind === 'annual_programme' ? null : clause.note,
      obligations: clause.obligations.map((obligation) => ({
        ref: obligation.ref,
        to: obligationPath({ ref: obligation.ref, process_key: instrument.process_key }),
        title: obligation.title,
        area: obligation.area_name,
        rule: obligation.sentence,
        basis: obligation.legal_basis,
        obligor: obligation.obligor,
        to_verify: obligation.verification === 'unverified',
        repealed: obligation.repealed,
      })),
    })),
  };
}

function inForceWords(version: {
  signed_on: IsoDate | null;
  in_force_from: IsoDate | null;
  in_force_until: IsoDate | null;
}): string {
  const { signed_on, in_force_from, in_force_until } = version;
  const signed = signed_on ? [`firmada el ${formatShortDate(signed_on)}`] : [];
  const from = in_force_from ? [`vigente desde el ${formatShortDate(in_force_from)}`] : ['en preparación'];
  return [
    ...signed,
    ...(in_force_until ? [`vigente hasta el ${formatShortDate(in_force_until)}`] : from),
  ].join(' · ');
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.title ?? 'Instrumento'} · Seguimiento de Convenios` },
];

type Clause = Awaited<ReturnType<typeof loader>>['clauses'][number];

export default function Instrument() {
  const page = useLoaderData<typeof loader>();
  const { title, kind, process_name, source, readable, clauses, process } = page;
  return (
    <>
      <PageHeader
        title={title}
        kicker={`${kind} · ${process_name}`}
        aside={
          page.editor && (
            <Link className="button button-quiet" to={instrumentPath(page.key, process, '/adenda')}>
              Cargar una adenda
            </Link>
          )
        }
      >
        <p className="quiet">{source}</p>
      </PageHeader>
      {!page.current && (
        <p className="notice">
          Este texto ya no rige{page.until && `: estuvo vigente hasta el ${page.until}`}.{' '}
          <Link to={instrumentPath(page.key, process)}>Ver el texto vigente</Link>
        </p>
      )}
      {page.drafts.map((draft) => (
        <p className="notice" key={draft.id}>
          Adenda sin aplicar:{' '}
          <Link to={instrumentPath(page.key, process, `/adenda/${draft.id}`)}>{draft.title}</Link>
        </p>
      ))}
      {page.versions.length > 1 && (
        <section aria-labelledby="versiones">
          <h2 id="versiones">Versiones</h2>
          <ul className="areas">
            {page.versions.map((version) => (
              <li key={version.version}>
                {version.shown ? (
                  <strong>{version.name}</strong>
                ) : (
                  <Link to={instrumentPath(page.key, process, '', version.version)}>{version.name}</Link>
                )}{' '}
                <span className="quiet">
                  {version.when} · {version.source}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {clauses.length === 0 && <EmptyState>Este instrumento todavía no tiene cláusulas cargadas.</EmptyState>}
      {underHeadings(clauses).map(({ heading, members }) => (
        <section key={members[0]?.id} className="clause-group">
          <h2>
            {members.length === 1 && <span className="clause-number">{members[0]?.number}</span>} {heading}
          </h2>
          {members.map((clause) => (
            <ClauseBody key={clause.id} clause={clause} numbered={members.length > 1} readable={readable} />
          ))}
        </section>
      ))}
    </>
  );
}

/** Clauses that follow each other under one heading stand together; the heading is said once. */
function underHeadings(clauses: Clause[]): { heading: string; members: Clause[] }[] {
  const groups: { heading: string; members: Clause[] }[] = [];
  for (const clause of clauses) {
    const last = groups.at(-1);
    if (last?.heading === clause.heading) last.members.push(clause);
    else groups.push({ heading: clause.heading, members: [clause] });
  }
  return groups;
}

function ClauseBody({
  clause,
  numbered,
  readable,
}: {
  clause: Clause;
  numbered: boolean;
  readable: boolean;
}) {
  return (
    <article id={`clausula-${clause.id}`} className={numbered ? 'clause clause-numbered' : 'clause'}>
      {numbered && <p className="clause-number">{clause.number}</p>}
      <div>
        {clause.text && <p className="clause-text">{clause.text}</p>}
        <Facts
          inline
          rows={[
            ['Periodo', clause.period],
            ['Responsable', clause.responsible],
            ['Entregable', clause.deliverable],
          ]}
        />
        {clause.note && <p className="quiet">{clause.note}</p>}
        {clause.obligations.length > 0 && (
          <ul className="obligations">
            {clause.obligations.map((obligation) => (
              <li key={obligation.ref}>
                <p>
                  {readable ? (
                    <Link to={obligation.to}>{obligation.title}</Link>
                  ) : (
                    <strong>{obligation.title}</strong>
                  )}
                </p>
                <p className="quiet">
                  {obligation.ref} · {obligation.rule} · {obligation.area} · {obligation.basis}
                </p>
                {obligation.repealed && <span className="mark">Derogada</span>}
                {obligation.to_verify && <span className="mark">Por cotejar con el anexo firmado</span>}
                {obligation.obligor !== 'IEM' && (
                  <span className="mark mark-owner">
                    {obligation.obligor === 'INE' ? 'A cargo del INE' : 'A cargo del INE y del IEM'}
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </article>
  );
}
