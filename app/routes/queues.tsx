// The queues that wake the workers: how many jobs wait, run or failed, and trying a failed one again.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { SubmitButton } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { recordAudit } from '../../db/audit.ts';
import { getInstallation } from '../../db/installation.ts';
import { readMeasures } from '../../db/measures.ts';
import { releaseSender } from '../../db/sender.ts';
import { requireActor } from '../server/access.ts';
import { readFields } from '../server/request-input.ts';

const TASK_WORDS: Record<string, string> = {
  pass: 'Hacer la pasada: planear y enviar',
  deliver: 'Enviar lo que toca',
};

const OUT_OF_REACH =
  'La cola no responde. Los correos salen igual: el trabajador revisa la bandeja por su cuenta.';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'queues');
  const [queues, { messages }, { sender_held_since }] = await Promise.all([
    context.queues.read().catch(() => null),
    readMeasures(context.db, moment),
    getInstallation(context.db),
  ]);
  const asked = new URL(request.url).searchParams;
  return {
    retried: asked.get('reintentado') === 'si',
    released: asked.get('reanudado') === 'si',
    held_since: sender_held_since === null ? null : instantWords(sender_held_since),
    queues:
      queues?.map(({ failures, ...queue }) => ({
        ...queue,
        failures: failures.map(({ id, task, reason, attempts, failed_at }) => ({
          id,
          task: TASK_WORDS[task] ?? task,
          reason: reason === '' ? 'Sin explicación' : reason,
          attempts,
          at: failed_at === null ? '' : instantWords(failed_at),
        })),
      })) ?? null,
    messages,
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'queues');
  const { cola, trabajo, pendiente } = await readFields(request, ['cola', 'trabajo', 'pendiente']);
  if (pendiente !== '') {
    if (pendiente !== 'enviar' && pendiente !== 'descartar')
      return data({ problem: 'Elige qué se hace con los correos pendientes.' }, { status: 400 });
    const released = await releaseSender(
      context.db,
      { person_id: actor.id, discard: pendiente === 'descartar' },
      moment,
    );
    if (released === undefined) return data({ problem: 'El envío ya no estaba detenido.' }, { status: 409 });
    return redirect('/ajustes/colas?reanudado=si', 303);
  }
  if (cola === '' || trabajo === '')
    return data({ problem: 'Elige el trabajo que se reintenta.' }, { status: 400 });
  const outcome = await context.queues.retry(cola, trabajo).catch(() => 'out_of_reach' as const);
  if (outcome === 'out_of_reach') return data({ problem: OUT_OF_REACH }, { status: 503 });
  if (outcome === 'gone')
    return data({ problem: 'Ese trabajo ya no está entre los fallidos.' }, { status: 409 });
  await recordAudit(context.db, {
    at: moment.at,
    actor: `persona ${actor.id}`,
    verb: 'reintentó un trabajo',
    subject: `cola ${cola}`,
    detail: { trabajo },
  });
  return redirect('/ajustes/colas?reintentado=si', 303);
}

export const meta: MetaFunction = () => [{ title: 'Colas · Seguimiento de Convenios' }];

export default function Queues() {
  const { retried, released, held_since, queues, messages } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const owed = messages.queued + messages.sending + messages.retry + messages.uncertain;
  return (
    <>
      <PageHeader title="Colas" kicker={<Link to="/ajustes">Ajustes</Link>}>
        <p className="lead">
          La cola sólo despierta al trabajador; lo que debe salir está en la bandeja de salida. Perder la cola
          no pierde ningún correo.
        </p>
      </PageHeader>
      {answer && (
        <p className="error-summary" role="alert">
          {answer.problem}
        </p>
      )}
      {retried && (
        <p className="notice notice-good" role="status">
          El trabajo volvió a la cola.
        </p>
      )}
      {released && (
        <p className="notice notice-good" role="status">
          El envío se reanudó.
        </p>
      )}
      {held_since !== null && (
        <section aria-labelledby="detenido">
          <h2 id="detenido" className="section-title">
            El envío está detenido
          </h2>
          <p className="prose">
            Desde el {held_since}: la base de datos se restauró de una copia y no sabe qué correos salieron
            después de hacerla. Mientras tanto sólo salen los códigos de acceso.
          </p>
          <p className="prose">
            {owed === 0 ? (
              'Ningún correo quedó pendiente.'
            ) : (
              <>
                {owed === 1 ? 'Quedó 1 correo pendiente. ' : `Quedaron ${owed} correos pendientes. `}
                Enviarlos puede repetir avisos que alguien ya recibió; darlos por enviados puede callar
                alguno. Lo que decidas queda en la bitácora.
              </>
            )}
          </p>
          <Form method="post" className="actions">
            <SubmitButton name="pendiente" value="enviar" pending="Reanudando…">
              {owed === 0 ? 'Reanudar el envío' : 'Enviar lo pendiente'}
            </SubmitButton>
            {owed > 0 && (
              <SubmitButton quiet name="pendiente" value="descartar" pending="Reanudando…">
                Darlo por enviado y seguir
              </SubmitButton>
            )}
          </Form>
        </section>
      )}
      {queues === null && <p className="notice">{OUT_OF_REACH}</p>}
      {queues?.map(({ name, backend, counts, failures }) => (
        <section key={name} aria-labelledby={name}>
          <h2 id={name} className="section-title">
            Cola «{name}», en {backend}
          </h2>
          <Facts
            inline
            rows={[
              ['En espera', String(counts.waiting)],
              ['En curso', String(counts.active)],
              ['Aplazados', String(counts.delayed)],
              ['Fallidos', String(counts.failed)],
            ]}
          />
          {failures.length === 0 ? (
            <EmptyState>Ningún trabajo ha fallado.</EmptyState>
          ) : (
            <ul className="rows">
              {failures.map(({ id, task, reason, attempts, at }) => (
                <li key={id}>
                  <div>
                    <strong>{task}</strong>
                    <p>{reason}</p>
                    <p className="quiet">
                      {attempts === 1 ? '1 intento' : `${attempts} intentos`}
                      {at && ` · el último, ${at} en el reloj del servidor`}
                    </p>
                  </div>
                  <Form method="post">
                    <input type="hidden" name="cola" value={name} />
                    <input type="hidden" name="trabajo" value={id} />
                    <SubmitButton quiet pending="Reintentando…">
                      Reintentar
                    </SubmitButton>
                  </Form>
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
      <section aria-labelledby="bandeja">
        <h2 id="bandeja" className="section-title">
          Bandeja de salida
        </h2>
        <Facts
          inline
          rows={[
            ['Por salir', String(messages.queued)],
            ['Saliendo', String(messages.sending)],
            ['Con otro intento pendiente', String(messages.retry)],
            ['Sin respuesta del servidor', String(messages.uncertain)],
            ['Rechazados, en total', String(messages.failed)],
            ['Devueltos, en total', String(messages.bounced)],
          ]}
        />
      </section>
    </>
  );
}
