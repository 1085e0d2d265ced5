// Moving a milestone: first what would happen, class by class, then doing it as decided.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type AppLoadContext,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { EffectSummary, EffectTables } from '../components/effect-table.tsx';
import { FormEnd, SubmitButton, type Errors } from '../components/form.tsx';
import { MilestoneForm } from '../components/milestone-form.tsx';
import { milestoneDay, milestonePath, viewEffects } from '../components/milestone-words.ts';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { RuleError } from '../domain/deadline-rule.ts';
import type { Moment } from '../domain/moment.ts';
import { MOVE_FIELDS, parseMove, type MoveField, type TypedMove } from '../domain/milestone-form.ts';
import { isDecidable, type Decision } from '../domain/schedule-effect.ts';
import {
  affectedAreas,
  applyMove,
  previewMove,
  type MilestoneMove,
  type MovePreview,
} from '../../db/milestone-moves.ts';
import { listMilestoneVersions } from '../../db/milestones.ts';
import { requireActor } from '../server/access.ts';
import { requireMilestone } from '../server/milestone-page.ts';
import { notFound, readFieldsAndIds } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'milestone-move');
  const { milestone, process, named } = await requireMilestone(context.db, request, params.key);
  const query = new URL(request.url).searchParams;
  const typed = Object.fromEntries(
    MOVE_FIELDS.map((name) => [name, query.get(name) ?? (name === 'estado' ? 'firme' : '')]),
  ) as TypedMove;
  const shared = {
    name: milestone.name,
    day: milestoneDay(milestone),
    process: process.name,
    named,
    path: milestonePath(milestone.key, null, 'mover'),
    back: milestonePath(milestone.key, named),
    typed,
  };
  const asked = MOVE_FIELDS.some((name) => query.has(name));
  const read = parseMove(typed);
  if (!asked) return data({ ...shared, errors: undefined, preview: null });
  if (!read.ok) return data({ ...shared, errors: read.errors, preview: null }, { status: 400 });
  const move = { process_id: process.id, key: milestone.key, ...read.value };
  const looked = await lookAhead(context, move, moment);
  if ('refused' in looked) return data({ ...shared, errors: looked.refused, preview: null }, { status: 422 });
  return data({ ...shared, errors: undefined, preview: viewPreview(looked.preview, move) });
}

/** The preview, or why the rules could not follow such a date. */
async function lookAhead(
  { db }: AppLoadContext,
  move: MilestoneMove,
  moment: Moment,
): Promise<{ preview: MovePreview } | { refused: Errors<MoveField> }> {
  try {
    const preview = await previewMove(db, move, moment);
    if (!preview) throw notFound();
    return { preview };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return { refused: { fecha: `Con esa fecha no se puede calcular ${error.message}` } };
  }
}

function viewPreview({ milestone, effects, fingerprint }: MovePreview, move: MilestoneMove) {
  return {
    day: milestoneDay({ ...move, approximate: null }),
    firm: move.firm,
    effects: viewEffects(effects),
    areas: affectedAreas(effects).map(({ name, count }) => ({ name, count })),
    fingerprint,
    version: String(milestone.version),
  };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'milestone-move');
  const { db } = context;
  const { milestone, process, named } = await requireMilestone(db, request, params.key);
  const { typed, ids } = await readFieldsAndIds(request, [...MOVE_FIELDS, 'visto', 'version'], 'mover');
  const read = parseMove(typed);
  if (!read.ok) return data({ errors: read.errors, typed, changed: null }, { status: 400 });
  const move = { process_id: process.id, key: milestone.key, ...read.value };
  const looked = await lookAhead(context, move, moment);
  if ('refused' in looked) return data({ errors: looked.refused, typed, changed: null }, { status: 422 });
  const decisions = new Map<number, Decision>();
  for (const effect of looked.preview.effects) {
    const { deadline_id } = effect;
    if (deadline_id !== null && isDecidable(effect)) {
      decisions.set(deadline_id, ids.has(deadline_id) ? 'move' : 'keep');
    }
  }
  const outcome = await applyMove(db, { move, seen: typed.visto, decisions, person_id: actor.id }, moment);
  if (outcome.kind === 'not_found') throw notFound();
  if (outcome.kind === 'applied') return redirect(`/cambios/${outcome.change_id}`, 303);
  const [newest] = await listMilestoneVersions(db, milestone.id);
  const changed = {
    ...viewPreview(outcome.preview, move),
    milestone:
      newest && String(newest.version) !== typed.version
        ? `${milestone.name} es ahora ${milestoneDay(newest)} (${newest.source}). Registró ${newest.recorded_by_name ?? 'el catálogo'}, ${instantWords(newest.recorded_at)}.`
        : 'Cambiaron vencimientos que dependen de este hito.',
    back: milestonePath(milestone.key, named),
  };
  return data({ errors: {}, typed, changed }, { status: 409 });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Mover ${page?.name ?? 'el hito'} · Seguimiento de Convenios` },
];

export default function MilestoneMovePage() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const preview = answer?.changed ?? page.preview;
  const typed = answer?.typed ?? page.typed;
  const errors = answer?.changed ? undefined : (answer?.errors ?? page.errors);
  if (!preview || (errors && Object.keys(errors).length > 0)) {
    return (
      <div className="narrow">
        <PageHeader title={`Registrar o mover: ${page.name}`} kicker={page.process}>
          <p className="lead">Hoy: {page.day}</p>
        </PageHeader>
        <MilestoneForm action={page.path} process={page.named} typed={typed} errors={errors} />
      </div>
    );
  }
  const total = preview.effects.reduce((sum, { rows }) => sum + rows.length, 0);
  return (
    <>
      <PageHeader title={`Qué cambiaría si se mueve ${page.name}`} kicker={page.process}>
        <p className="lead">
          {page.day} → <strong>{preview.day}</strong>{' '}
          {!preview.firm && typed.estado === 'provisional' && <span className="mark">Provisional</span>}
        </p>
        <p>{typed.acto}</p>
      </PageHeader>
      {answer?.changed && (
        <div className="error-summary" role="alert">
          <h2>Alguien se adelantó: no se aplicó nada</h2>
          <p>{answer.changed.milestone}</p>
          <p>Abajo está lo que cambiaría ahora; revísalo antes de aplicar.</p>
        </div>
      )}
      {total === 0 ? (
        <EmptyState>Ningún vencimiento cambia de fecha; sólo cambia el hito.</EmptyState>
      ) : (
        <EffectSummary effects={preview.effects} />
      )}
      <Form
        method="post"
        action={`${page.path}${page.named ? `?proceso=${page.named}` : ''}`}
        className="move-form"
      >
        {MOVE_FIELDS.map((name) => (
          <input key={name} type="hidden" name={name} value={typed[name]} />
        ))}
        <EffectTables effects={preview.effects} decide />
        <section className="panel" aria-labelledby="aplicar">
          <h2 id="aplicar">Aplicar</h2>
          <MailWords areas={preview.areas} />
          <input type="hidden" name="version" value={preview.version} />
          <input type="hidden" name="visto" value={preview.fingerprint} />
          <FormEnd cancel={page.back}>
            <SubmitButton pending="Aplicando…">Aplicar el cambio</SubmitButton>
          </FormEnd>
          <p className="quiet">Se aplica todo o nada. Durante 24 horas se puede deshacer.</p>
        </section>
      </Form>
    </>
  );
}

function MailWords({ areas }: { areas: { name: string; count: number }[] }) {
  if (areas.length === 0) return <p>No se enviará ningún correo.</p>;
  return (
    <>
      <p>
        {areas.length === 1
          ? 'Se enviará 1 correo a 1 área.'
          : `Se enviará 1 correo a cada una de ${areas.length} áreas.`}{' '}
        <span className="quiet">Si conservas todas las de un área, a ella no se le escribe.</span>
      </p>
      <ul>
        {areas.map(({ name, count }) => (
          <li key={name}>
            {name}: {count === 1 ? '1 vencimiento' : `${count} vencimientos`}
          </li>
        ))}
      </ul>
    </>
  );
}
