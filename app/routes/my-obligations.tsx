// The work of somebody's areas: what to do today, in the order in which it must be done.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Counters, type Counter } from '../components/counters.tsx';
import { DeadlineCard, type Holder } from '../components/deadline-card.tsx';
import { sinceDay, viewDeadline, type DeadlineView } from '../components/deadline-view.ts';
import { cutWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { UserText } from '../components/user-text.tsx';
import { shortDay } from '../domain/agenda.ts';
import type { Moment } from '../domain/moment.ts';
import { addDays, localDate } from '../domain/plain-date.ts';
import { isDueWithin, sectionOf, type Section } from '../domain/workload.ts';
import { listDeadlinesOfAreas, listHolders, type DeadlineRow } from '../../db/deadlines.ts';
import { explainedAt, type Explained } from '../../db/explanations.ts';
import { requireActor } from '../server/access.ts';

/** Concluded work is kept in sight for this many natural days. */
const CONCLUDED_DAYS = 60;

interface Card {
  deadline: DeadlineView;
  section: Section;
  soon: { tomorrow: boolean; ten_days: boolean };
  returned: { words: string; by: string } | null;
  /** What the Dirección said is missing when it accepted a part. */
  missing: { words: string; by: string } | null;
  in_review: string | null;
  /** The day on which the Dirección asked why it is overdue, while nobody has answered. */
  asked: string | null;
  /** The day it was promised for. */
  promised: string | null;
  people: { responsible: Holder | null; deputy: Holder | null };
}

type Holders = Awaited<ReturnType<typeof listHolders>>;

function cardOf(row: DeadlineRow, holders: Holders, account: Explained | undefined, { today }: Moment): Card {
  const seats = holders.filter((holder) => holder.area_id === row.area_id);
  const seat = (...kinds: Holders[number]['kind'][]) =>
    kinds.flatMap((kind) => seats.filter((holder) => holder.kind === kind)).at(0) ?? null;
  const section = sectionOf(row, today);
  const reviewedOn = row.reviewed_at && shortDay(localDate(row.reviewed_at), today);
  const said = {
    words: row.reviewer_words ?? '',
    by: `Dirección de Vinculación, ${reviewedOn ?? ''}`,
  };
  return {
    deadline: viewDeadline(row, today),
    section,
    soon: { tomorrow: isDueWithin(row, today, 1), ten_days: isDueWithin(row, today, 10) },
    returned: section === 'returned' ? said : null,
    missing: row.decision === 'accepted_in_part' && section !== 'concluded' ? said : null,
    in_review:
      row.status === 'in_review' && row.submitted_at ? sinceDay(localDate(row.submitted_at), today) : null,
    asked:
      account?.asked_on && account.asked_on > (account.explained?.on ?? '')
        ? shortDay(account.asked_on, today)
        : null,
    promised: account?.explained ? shortDay(account.explained.committed_on, today) : null,
    people: { responsible: seat('liaison', 'head', 'deputy'), deputy: seat('deputy') },
  };
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'my-obligations');
  const areaIds = actor.areas.map(({ id }) => id);
  const rows = await listDeadlinesOfAreas(
    context.db,
    moment,
    areaIds,
    addDays(moment.today, -CONCLUDED_DAYS),
  );
  const holders = await listHolders(
    context.db,
    [...new Set(rows.map(({ area_id }) => area_id))],
    moment.today,
  );
  const overdue = rows.filter(({ status }) => status === 'overdue');
  const explained = await explainedAt(
    context.db,
    overdue.map(({ id }) => id),
    moment,
  );
  return {
    cut: cutWords(moment),
    areas: actor.areas.map(({ name }) => name),
    only: new URL(request.url).searchParams.get('ver'),
    cards: rows.map((row) => cardOf(row, holders, explained.get(row.id), moment)),
  };
}

export const meta: MetaFunction = () => [{ title: 'Mis obligaciones · Seguimiento de Convenios' }];

const SECTIONS: { key: Section; id: string; title: string; note?: string; folded?: true }[] = [
  { key: 'returned', id: 'devueltas', title: 'Corregir', note: 'Devueltas por la Dirección.' },
  { key: 'overdue', id: 'vencidas', title: 'Vencidas' },
  { key: 'today', id: 'hoy', title: 'Vencen hoy' },
  { key: 'this_week', id: 'semana', title: 'Esta semana' },
  { key: 'next', id: 'proximas', title: 'Próximas (30 días)' },
  { key: 'waiting', id: 'en-espera', title: 'En espera de un evento', note: 'No cuentan plazo todavía.' },
  {
    key: 'in_review',
    id: 'en-revision',
    title: 'En revisión',
    note: 'No tienes que hacer nada: el turno es de la Dirección.',
  },
  { key: 'later', id: 'despues', title: 'Más adelante', folded: true },
  { key: 'concluded', id: 'concluidas', title: `Concluidas (últimos ${CONCLUDED_DAYS} días)`, folded: true },
];

/** Lists that cut across the sections, each behind a counter. */
const SELECTIONS = {
  // Returned ones too: what ran out has run out, and the Commission's report counts it.
  vencidas: { title: 'Vencidas', holds: ({ deadline }: Card) => deadline.status === 'overdue' },
  'hoy-y-manana': { title: 'Vencen hoy o mañana', holds: ({ soon }: Card) => soon.tomorrow },
  'diez-dias': { title: 'Próximos 10 días', holds: ({ soon }: Card) => soon.ten_days },
};

export default function MyObligations() {
  const { cut, areas, only, cards } = useLoaderData<typeof loader>();
  const selection = Object.entries(SELECTIONS).find(([key]) => key === only)?.[1];
  return (
    <>
      <PageHeader
        title="Mis obligaciones"
        kicker={areas.join(' · ')}
        aside={
          <>
            <p>Corte: {cut}</p>
            <p>
              <Link to="/suscripcion">Llevarlas a mi calendario</Link>
            </p>
          </>
        }
      />
      <Counters name="Resumen" counters={countersOf(cards)} />
      {selection ? (
        <section aria-labelledby="seleccion">
          <SectionTitle id="seleccion" title={selection.title} count={cards.filter(selection.holds).length} />
          <p>
            <Link to="/mis-obligaciones">Ver todas mis obligaciones</Link>
          </p>
          <Cards cards={cards.filter(selection.holds)} showArea={areas.length > 1} />
        </section>
      ) : (
        <>
          <Calm cards={cards} />
          {SECTIONS.map((section) => (
            <WorkSection
              key={section.key}
              section={section}
              cards={cards.filter((card) => card.section === section.key)}
              showArea={areas.length > 1}
            />
          ))}
        </>
      )}
    </>
  );
}

function countersOf(cards: Card[]): Counter[] {
  const inSection = (key: Section) => cards.filter(({ section }) => section === key).length;
  const page = '/mis-obligaciones';
  const selected = (key: keyof typeof SELECTIONS): Counter => ({
    label: SELECTIONS[key].title,
    count: cards.filter(SELECTIONS[key].holds).length,
    to: `${page}?ver=${key}`,
  });
  return [
    { ...selected('vencidas'), tone: 'overdue' },
    { ...selected('hoy-y-manana'), tone: 'due_soon' },
    selected('diez-dias'),
    { label: 'Devueltas', count: inSection('returned'), to: `${page}#devueltas`, tone: 'overdue' },
    { label: 'En revisión', count: inSection('in_review'), to: `${page}#en-revision` },
  ];
}

/** What to say when nothing presses: a blank page would look like a fault. */
function Calm({ cards }: { cards: Card[] }) {
  if (cards.length === 0) {
    return (
      <EmptyState>
        Tu área aún no tiene obligaciones asignadas. Si esperabas alguna, escribe a la Coordinación de
        Vinculación.
      </EmptyState>
    );
  }
  const open = cards.filter(({ section }) => section !== 'concluded');
  if (open.length === 0) {
    const onTime = cards.filter(({ deadline }) => deadline.status === 'concluded_on_time').length;
    return (
      <EmptyState>
        Todo concluido. {onTime} de {cards.length} obligaciones en plazo en los últimos {CONCLUDED_DAYS} días.
      </EmptyState>
    );
  }
  const pressing: Section[] = ['returned', 'overdue', 'today', 'this_week', 'next'];
  if (open.some(({ section }) => pressing.includes(section))) return null;
  const following = open.find(({ section }) => section === 'later')?.deadline;
  return (
    <EmptyState>
      Tu área no tiene obligaciones por vencer en los próximos 30 días.
      {following && (
        <>
          {' '}
          La siguiente es <Link to={`/vencimientos/${following.id}`}>{following.title}</Link> el{' '}
          {following.due_short}.
        </>
      )}
    </EmptyState>
  );
}

function WorkSection(props: { section: (typeof SECTIONS)[number]; cards: Card[]; showArea: boolean }) {
  const { section, cards, showArea } = props;
  if (cards.length === 0) return null;
  const title = <SectionTitle id={section.id} title={section.title} count={cards.length} />;
  return (
    <section aria-labelledby={section.id}>
      {section.folded ? (
        <details>
          <summary>{title}</summary>
          <Cards cards={cards} showArea={showArea} />
        </details>
      ) : (
        <>
          {title}
          {section.note && <p className="quiet">{section.note}</p>}
          <Cards cards={cards} showArea={showArea} />
        </>
      )}
    </section>
  );
}

function SectionTitle({ id, title, count }: { id: string; title: string; count: number }) {
  return (
    <h2 id={id} className="section-title">
      {title} <span className="count">{count}</span>
    </h2>
  );
}

const NOTHING_TO_REPORT: Section[] = ['concluded', 'in_review', 'waiting'];

function Cards({ cards, showArea }: { cards: Card[]; showArea: boolean }) {
  return (
    <div className="cards">
      {cards.map(({ deadline, section, returned, missing, in_review, asked, promised, people }) => (
        <DeadlineCard
          key={deadline.id}
          deadline={deadline}
          people={people}
          showArea={showArea}
          sent={returned !== null || missing !== null || in_review !== null}
          {...(NOTHING_TO_REPORT.includes(section)
            ? {}
            : { action: returned ? 'Corregir y volver a enviar' : 'Reportar cumplimiento' })}
        >
          {returned && <UserText by={returned.by}>{returned.words}</UserText>}
          {missing && <p>Se aceptó en parte. Esto falta:</p>}
          {missing && <UserText by={missing.by}>{missing.words}</UserText>}
          {in_review && <p>La Dirección lo revisa {in_review}.</p>}
          {asked && <p>La Dirección pidió la causa y el compromiso el {asked}.</p>}
          {promised && <p>Te comprometiste para el {promised}.</p>}
          {deadline.status === 'overdue' && (
            <p className="no-print">
              <Link className="more" to={`/vencimientos/${deadline.id}/causa`}>
                {promised ? 'Cambiar causa y compromiso' : 'Declarar causa y compromiso'}
              </Link>
            </p>
          )}
        </DeadlineCard>
      ))}
    </div>
  );
}
