// The handover of a post: what is open in its area today, to be printed and signed by who leaves and who comes.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { DeadlineLines } from '../components/deadline-line.tsx';
import { Facts } from '../components/facts.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { countOpen, NOTHING_OPEN, postFacts } from '../domain/handover-outline.ts';
import { requireActor } from '../server/access.ts';
import { requireHandover } from '../server/handover-view.ts';

export const meta: MetaFunction = () => [{ title: 'Entrega–recepción · Seguimiento de Convenios' }];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'handover');
  return requireHandover(context, moment, actor, params);
}

export default function HandoverPage() {
  const handover = useLoaderData<typeof loader>();
  const { person, appointment, head, parts, back, opens } = handover;
  const folios = new Map(parts.flatMap(({ matters }) => matters.map(({ id, folio }) => [id, folio])));
  const report = (id: number) => {
    const folio = folios.get(id);
    if (!folio) return null;
    return <p className="quiet">Reporte {opens ? <Link to={`/acuses/${folio}`}>{folio}</Link> : folio}</p>;
  };
  return (
    <>
      <PageHeader
        title="Entrega–recepción"
        kicker={back === null ? person.name : <Link to={back}>{person.name}</Link>}
      >
        <Facts rows={[...postFacts(handover), ['Asuntos abiertos', String(countOpen(handover))]]} />
        <p className="no-print">
          <a className="more" href={`/personas/${person.id}/entrega/${appointment.id}.pdf`} download>
            Descargar PDF
          </a>
        </p>
      </PageHeader>
      {parts.length === 0 && <EmptyState>{NOTHING_OPEN}</EmptyState>}
      {parts.map(({ key, title, matters }) => (
        <section key={key} aria-labelledby={key}>
          <h2 id={key} className="section-title">
            {title} <span className="count">{matters.length}</span>
          </h2>
          <DeadlineLines deadlines={matters} to={opens ? undefined : null} after={report} />
        </section>
      ))}
      <p className="signatures">
        <span>Entrega</span>
        <span>Recibe</span>
      </p>
      <p className="quiet">
        Huella de la bitácora al emitirse: <code className="secret">{head}</code>
      </p>
    </>
  );
}
