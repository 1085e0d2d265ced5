// The hand-over of a post: what is open in its area today, to be printed and signed by who leaves and who comes.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { DeadlineLines } from '../components/deadline-line.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { longInstantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import type { DeadlineStatus } from '../domain/deadline-status.ts';
import { formatLongDate } from '../domain/plain-date.ts';
import { auditHead } from '../../db/audit.ts';
import { listDeadlines } from '../../db/deadlines.ts';
import { findPerson, listStaff } from '../../db/staff.ts';
import { requireActor } from '../server/access.ts';
import { notFound, readId } from '../server/request-input.ts';

export const meta: MetaFunction = () => [{ title: 'Entrega–recepción · Seguimiento de Convenios' }];

const SECTIONS: { id: string; title: string; statuses: DeadlineStatus[] }[] = [
  { id: 'vencidas', title: 'Vencidas', statuses: ['overdue'] },
  { id: 'por-vencer', title: 'Por vencer', statuses: ['due_soon', 'on_track'] },
  { id: 'en-revision', title: 'En revisión', statuses: ['in_review'] },
  { id: 'en-espera', title: 'En espera de un evento', statuses: ['waiting'] },
];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'handover');
  const { db } = context;
  const person = await findPerson(db, readId(params['id']), moment.today);
  const appointment = person?.appointments.find(({ id }) => id === readId(params['appointment']));
  if (!person || !appointment) throw notFound();
  const staff = await listStaff(db, moment.today);
  const area = staff.find(({ id }) => id === appointment.area_id);
  if (!area) throw notFound();
  const rows = await listDeadlines(db, moment, { area: area.key });
  return {
    person: { id: person.id, name: person.name },
    area: area.name,
    title: appointment.title,
    from: formatLongDate(appointment.from_on),
    until: appointment.until_on === null ? null : formatLongDate(appointment.until_on),
    holders: area.holders.map(({ name }) => name),
    at: longInstantWords(moment.at),
    head: await auditHead(db),
    sections: SECTIONS.map(({ statuses, ...section }) => ({
      ...section,
      deadlines: rows
        .filter(({ status }) => statuses.includes(status))
        .map((row) => viewDeadline(row, moment.today)),
    })),
  };
}

export default function Handover() {
  const { person, area, title, from, until, holders, at, head, sections } = useLoaderData<typeof loader>();
  const open = sections.reduce((sum, { deadlines }) => sum + deadlines.length, 0);
  return (
    <>
      <PageHeader
        title="Entrega–recepción"
        kicker={<Link to={`/personas/${person.id}`}>{person.name}</Link>}
        aside={<p>Al {at}</p>}
      >
        <Facts
          rows={[
            ['Cargo', title],
            ['Área', area],
            ['Desde', from],
            ['Hasta', until ?? 'sin fecha de término'],
            [
              'Hoy en el área',
              holders.length > 0 ? holders.join(' · ') : 'nadie: sus avisos suben al área superior',
            ],
            ['Asuntos abiertos', String(open)],
          ]}
        />
      </PageHeader>
      {open === 0 && <EmptyState>El área no tiene asuntos abiertos que entregar.</EmptyState>}
      {sections
        .filter(({ deadlines }) => deadlines.length > 0)
        .map(({ id, title: heading, deadlines }) => (
          <section key={id} aria-labelledby={id}>
            <h2 id={id} className="section-title">
              {heading} <span className="count">{deadlines.length}</span>
            </h2>
            <DeadlineLines deadlines={deadlines} />
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
