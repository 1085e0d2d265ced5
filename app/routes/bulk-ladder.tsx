// Putting several obligations on another ladder: choose it, see which notices change, apply it all or nothing.
import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { ApplyForm, ChoiceForm, obligationsWords } from '../components/bulk-order.tsx';
import { ErrorSummary } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import { CLASS_WORDS } from '../domain/ladder-form.ts';
import { rungAddressee, rungWords, type Priority, type Rung } from '../domain/ladder.ts';
import { formatDayMonth, formatShortDate, type IsoDate } from '../domain/plain-date.ts';
import {
  changeLadders,
  findClimbing,
  type Climbing,
  type ClimbingObligation,
} from '../../db/ladder-change.ts';
import { requireActor } from '../server/access.ts';
import { takeOrder } from '../server/bulk-order.ts';
import { notFound } from '../server/request-input.ts';
import { readSelection } from '../server/selection.ts';

const KEYS = { alta: 'high', media: 'medium', baja: 'low' } as const satisfies Record<string, Priority>;

const LADDERS = Object.entries(KEYS).map(([key, priority]) => ({ key, name: CLASS_WORDS[priority] }));

const readLadder = (key: string): Priority | undefined =>
  Object.hasOwn(KEYS, key) ? KEYS[key as keyof typeof KEYS] : undefined;

/** Why that ladder cannot be applied to what was chosen; null when it can. */
function refusalOf(to: Priority | undefined, { changing }: Climbing): string | null {
  if (to === undefined) return 'Elige una escalera';
  return changing.length === 0 ? 'Ninguna de las elegidas cambiaría: elige otra escalera' : null;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'bulk-ladder');
  const params = new URL(request.url).searchParams;
  const ids = readSelection(params.getAll('id'));
  const asked = params.get('escalera');
  const to = readLadder(asked ?? '');
  const climbing = ids.length > 0 ? await findClimbing(context.db, ids, to, moment) : NOBODY;
  if (!climbing) throw notFound();
  const error = asked === null || ids.length === 0 ? null : refusalOf(to, climbing);
  return data(
    {
      ids,
      ladder: asked,
      name: to && error === null ? CLASS_WORDS[to] : null,
      obligations: climbing.obligations.map((one) => viewClimbing(one, climbing.changing.includes(one), to)),
      changing: climbing.changing.length,
      seen: climbing.fingerprint,
      done: Number(/^\d{1,3}$/.exec(params.get('cambiadas') ?? '')?.[0] ?? 0),
      error,
    },
    { status: error === null ? 200 : 400 },
  );
}

const NOBODY: Climbing = { obligations: [], changing: [], fingerprint: '' };

/** What changes for one obligation, in words. */
function viewClimbing(one: ClimbingObligation, changes: boolean, to: Priority | undefined) {
  const { gone, added, example } = one;
  const step = ({ rung, on }: { rung: Rung; on: IsoDate }) =>
    `${rungWords(rung)} (${formatDayMonth(on)}), a ${rungAddressee(rung)}`;
  const stays =
    one.class === 'ine' || one.class === 'hours'
      ? `Se queda en «${CLASS_WORDS[one.class]}»: no depende de su prioridad`
      : 'Ya está en esa escalera';
  return {
    id: one.id,
    ref: one.ref,
    title: one.title,
    area: one.area_name,
    now: CLASS_WORDS[one.class],
    open: one.open,
    effect:
      to === undefined
        ? null
        : !changes
          ? stays
          : example === null
            ? 'No cambia ningún aviso por salir'
            : `${gone === 1 ? 'Deja de salir 1' : `Dejan de salir ${gone}`}; ${added === 1 ? 'se agrega 1' : `se agregan ${added}`}`,
    example: changes &&
      example && {
        due: formatShortDate(example.due_on),
        gone: example.gone.map(step),
        added: example.added.map(step),
      },
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'bulk-ladder');
  const { db } = context;
  return takeOrder(request, {
    field: 'escalera',
    reasonMissing: 'Escribe por qué cambia su escalera; queda en la bitácora',
    choose: async (ids, typed) => {
      const to = readLadder(typed);
      const climbing = await findClimbing(db, ids, to, moment);
      if (!climbing) throw notFound();
      const error = refusalOf(to, climbing);
      return to === undefined || error !== null ? { error: error ?? '' } : { chosen: to };
    },
    apply: (order, to) => changeLadders(db, { ...order, to, person_id: actor.id }, moment),
    next: (_to, obligations) => `/calendario/escalera?cambiadas=${obligations}`,
  });
}

export const meta: MetaFunction = () => [{ title: 'Cambiar de escalera · Seguimiento de Convenios' }];

export default function BulkLadder() {
  const { ids, ladder, name, obligations, changing, seen, done, error } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <>
      <PageHeader
        title={name ? `Pasar ${obligationsWords(changing)} a «${name}»` : 'Cambiar de escalera'}
        kicker={<Link to="/ajustes/escaleras">Escaleras de avisos</Link>}
      >
        <p className="lead">
          {name
            ? 'Nada ha cambiado todavía. Revisa qué avisos cambian y aplica.'
            : 'La escalera dice cuándo se avisa y a quién. Elige una; antes de aplicar verás qué avisos cambian.'}
        </p>
      </PageHeader>
      {done > 0 && (
        <p className="notice notice-good" role="status">
          Se cambió la escalera de {obligationsWords(done)}.{' '}
          <Link to="/calendario">Volver al calendario</Link>
        </p>
      )}
      <Refusal title="No se cambió nada" refusal={answer?.refused} />
      <ErrorSummary errors={answer?.errors ?? (error ? { escalera: error } : undefined)} />
      {ids.length === 0 && done === 0 && (
        <EmptyState>
          No elegiste ningún vencimiento. <Link to="/calendario?elegir=algunos">Vuelve al calendario</Link> y
          marca los que cambian de escalera.
        </EmptyState>
      )}
      {ids.length > 0 && (
        <>
          <ChoiceForm
            ids={ids}
            name="escalera"
            value={name ? (ladder ?? '') : ''}
            label="Escalera nueva"
            none="Elige una escalera"
            options={LADDERS}
            error={answer?.errors['escalera'] ?? error ?? undefined}
            submit="Ver qué avisos cambian"
          />
          <ObligationTable obligations={obligations} />
          {name && (
            <ApplyForm
              ids={ids}
              name="escalera"
              value={ladder ?? ''}
              seen={seen}
              answer={answer}
              submit={`Cambiar ${obligationsWords(changing)}`}
              pending="Cambiando…"
            >
              Rige desde hoy y no obra hacia atrás: lo ya avisado no se repite y lo que debió salir antes no
              sale ahora. Se aplica todo o nada.
            </ApplyForm>
          )}
        </>
      )}
    </>
  );
}

function ObligationTable({ obligations }: { obligations: ReturnType<typeof viewClimbing>[] }) {
  return (
    <table className="table stack">
      <caption>
        Cada obligación cambia con todos sus vencimientos abiertos, también los que no elegiste.
      </caption>
      <thead>
        <tr>
          <th scope="col">Obligación</th>
          <th scope="col">Escalera de hoy</th>
          <th scope="col" className="number">
            Abiertos
          </th>
          <th scope="col">Avisos que cambian</th>
        </tr>
      </thead>
      <tbody>
        {obligations.map(({ id, ref, title, area, now, open, effect, example }) => (
          <tr key={id}>
            <td data-label="Obligación">
              <span>
                {title}{' '}
                <span className="quiet">
                  {ref} · {area}
                </span>
              </span>
            </td>
            <td data-label="Escalera de hoy">{now}</td>
            <td data-label="Abiertos" className="number">
              {open}
            </td>
            <td data-label="Avisos que cambian">
              <span>
                {effect ?? '—'}
                {example && (
                  <details>
                    <summary>Del que vence el {example.due}</summary>
                    <RungList title="Dejan de salir" steps={example.gone} />
                    <RungList title="Se agregan" steps={example.added} />
                  </details>
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RungList({ title, steps }: { title: string; steps: string[] }) {
  if (steps.length === 0) return null;
  return (
    <>
      <p>{title}:</p>
      <ul className="plain-list">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
    </>
  );
}
