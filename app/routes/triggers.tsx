// The events that repeat, each with what is counted from it and when it last happened.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { timesWords, triggerPath } from '../components/trigger-words.ts';
import { listTriggers } from '../../db/triggers.ts';
import { requireActor } from '../server/access.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'triggers');
  const triggers = await listTriggers(context.db);
  const processes = new Map(triggers.map(({ process_key, process_name }) => [process_key, process_name]));
  return {
    processes: [...processes].map(([key, name]) => ({
      key,
      name: processes.size > 1 ? name : null,
      triggers: triggers
        .filter(({ process_key }) => process_key === key)
        .map((trigger) => ({
          path: triggerPath(trigger.key, processes.size > 1 ? key : null),
          name: trigger.name,
          obligations: trigger.obligations,
          open: trigger.open,
          times: timesWords(trigger.times, trigger.last_on),
        })),
    })),
  };
}

export const meta: MetaFunction = () => [{ title: 'Eventos que se repiten · Seguimiento de Convenios' }];

export default function Triggers() {
  const { processes } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Eventos que se repiten">
        <p className="lead">
          Cada vez que uno ocurre se abren los vencimientos que se cuentan desde él. Regístralo en cuanto haya
          un documento que lo pruebe.
        </p>
      </PageHeader>
      {processes.length === 0 && (
        <EmptyState>Ningún convenio publicado tiene eventos que se repitan.</EmptyState>
      )}
      {processes.map(({ key, name, triggers }) => (
        <section key={key}>
          {name && <h2>{name}</h2>}
          <table className="table stack">
            <thead>
              <tr>
                <th scope="col">Evento</th>
                <th scope="col">De él se cuentan</th>
                <th scope="col">Ha ocurrido</th>
                <th scope="col">Vencimientos abiertos</th>
              </tr>
            </thead>
            <tbody>
              {triggers.map((trigger) => (
                <tr key={trigger.path}>
                  <th scope="row">
                    <Link to={trigger.path}>{trigger.name}</Link>
                  </th>
                  <td data-label="De él se cuentan">
                    <span>{obligationsWords(trigger.obligations)}</span>
                  </td>
                  <td data-label="Ha ocurrido">
                    <span>{trigger.times}</span>
                  </td>
                  <td data-label="Abiertos">
                    <span>{trigger.open}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}

function obligationsWords(count: number): string {
  if (count === 0) return 'Ninguna obligación por ahora';
  return count === 1 ? '1 obligación' : `${count} obligaciones`;
}
