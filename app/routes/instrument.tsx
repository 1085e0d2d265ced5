// One instrument, clause by clause, each with the obligations it creates.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { calendarPath, NOTHING } from '../components/calendar-query.ts';
import { Facts } from '../components/facts.tsx';
import { INSTRUMENT_WORDS } from '../components/instrument-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { formatShortDate } from '../domain/plain-date.ts';
import { findInstrument } from '../../db/instruments.ts';
import { requireActor } from '../server/access.ts';
import { notFound } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor } = await requireActor({ request, context }, 'instrument');
  const { key = '' } = params;
  const instrument = /^[\w-]{1,40}$/.test(key) ? await findInstrument(context.db, key) : undefined;
  if (!instrument) throw notFound();
  return {
    title: instrument.title,
    kind: INSTRUMENT_WORDS[instrument.kind],
    process_name: instrument.process_name,
    source: instrument.source,
    searchable: actor.roles.length > 0,
    clauses: instrument.clauses.map((clause) => ({
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
        title: obligation.title,
        area: obligation.area_name,
        rule: obligation.sentence,
        basis: obligation.legal_basis,
        obligor: obligation.obligor,
        to_verify: obligation.verification === 'unverified',
      })),
    })),
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.title ?? 'Instrumento'} · Seguimiento de Convenios` },
];

type Clause = Awaited<ReturnType<typeof loader>>['clauses'][number];

export default function Instrument() {
  const { title, kind, process_name, source, searchable, clauses } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={title} kicker={`${kind} · ${process_name}`}>
        <p className="quiet">{source}</p>
      </PageHeader>
      {clauses.length === 0 && <EmptyState>Este instrumento todavía no tiene cláusulas cargadas.</EmptyState>}
      {underHeadings(clauses).map(({ heading, members }) => (
        <section key={members[0]?.id} className="clause-group">
          <h2>
            {members.length === 1 && <span className="clause-number">{members[0]?.number}</span>} {heading}
          </h2>
          {members.map((clause) => (
            <ClauseBody
              key={clause.id}
              clause={clause}
              numbered={members.length > 1}
              searchable={searchable}
            />
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
  searchable,
}: {
  clause: Clause;
  numbered: boolean;
  searchable: boolean;
}) {
  return (
    <article className={numbered ? 'clause clause-numbered' : 'clause'}>
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
                  {searchable ? (
                    <Link to={calendarPath(NOTHING, { texto: obligation.ref })}>{obligation.title}</Link>
                  ) : (
                    <strong>{obligation.title}</strong>
                  )}
                </p>
                <p className="quiet">
                  {obligation.ref} · {obligation.rule} · {obligation.area} · {obligation.basis}
                </p>
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
