// The receipt of a report: proof for whoever handed it in, made to be kept, and to check files against.
import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { EvidenceList } from '../components/evidence-list.tsx';
import { Facts } from '../components/facts.tsx';
import { Field } from '../components/form.tsx';
import { UserText } from '../components/user-text.tsx';
import { requireActor } from '../server/access.ts';
import { readFingerprint } from '../server/evidence/read-upload.ts';
import { receiptRows, requireReceipt } from '../server/receipt-view.ts';

async function requireReader({ request, context, params }: LoaderFunctionArgs | ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'receipt');
  return requireReceipt(context, moment, actor, params.folio);
}

export async function loader(asked: LoaderFunctionArgs) {
  const receipt = await requireReader(asked);
  const [obligation, ...rows] = receiptRows(receipt);
  return {
    isNew: new URL(asked.request.url).searchParams.has('nuevo'),
    obligation: obligation![1],
    rows: rows.slice(0, -1),
    ...receipt,
  };
}

/** Compares a file with those of the receipt; nothing of it is kept. */
export async function action(asked: ActionFunctionArgs) {
  const { report } = await requireReader(asked);
  const sent = await readFingerprint(asked.request, 'archivo');
  if (!sent.ok) return data({ error: sent.message, checked: null }, { status: sent.status });
  const { name, sha256 } = sent.value;
  const same = report.files.find((file) => file.sha256 === sha256);
  return data({ error: null, checked: { name, sha256, same: same ? same.name : null } });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Acuse ${page?.report.folio ?? ''} · Seguimiento de Convenios` },
];

export default function Receipt() {
  const { isNew, deadline, obligation, rows, report, received, example, family } =
    useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      {isNew && !answer && (
        <p className="notice notice-good" role="status">
          <strong>
            Recibido. Folio {report.folio}, {received}.
          </strong>
        </p>
      )}
      <article className="receipt">
        <p className="kicker">Acuse de reporte de cumplimiento</p>
        <h1>{report.folio}</h1>
        <Facts
          rows={[
            ['Obligación', <Link to={`/vencimientos/${deadline.id}`}>{obligation}</Link>],
            ...rows,
            ['Huella SHA-256', <code className="hash">{report.sha256}</code>],
          ]}
        />
        {report.note && <UserText>{report.note}</UserText>}
        {report.files.length > 0 && (
          <>
            <h2>Archivos</h2>
            <EvidenceList files={report.files} download={report.download} />
          </>
        )}
        {family.length > 0 && (
          <>
            <h2>Con la misma evidencia</h2>
            <ul className="also">
              {family.map(({ folio, ref, title }) => (
                <li key={folio}>
                  <Link to={`/acuses/${folio}`}>{folio}</Link> {title} <span className="quiet">{ref}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        {report.review ? (
          <p className="verdict" data-decision={report.review.decision}>
            {report.review.verdict} {report.review.by}.
          </p>
        ) : (
          <p>
            Se detienen los avisos de esta obligación; la Dirección tiene 3 días hábiles para revisar. La
            oportunidad se mide con la fecha del acto.
          </p>
        )}
        {example && <p>Este reporte es un ejemplo de la demostración.</p>}
      </article>
      <p className="no-print">
        <a className="button" href={`/acuses/${report.folio}/pdf`} download>
          Descargar acuse (PDF)
        </a>
      </p>
      {report.files.length > 0 && (
        <section className="no-print" aria-labelledby="verificar">
          <h2 id="verificar">Verificar un archivo</h2>
          <p>¿Es el que se entregó? Aquí sólo se compara su huella; no se guarda.</p>
          {answer?.checked && (
            <div className={answer.checked.same ? 'notice notice-good' : 'error-summary'} role="status">
              <p>
                <strong>
                  {answer.checked.same
                    ? `✓ Es el mismo archivo: «${answer.checked.same}».`
                    : '✕ No es ninguno de los archivos de este acuse.'}
                </strong>
              </p>
              <p>
                Huella de «{answer.checked.name}»: <code className="hash">{answer.checked.sha256}</code>
              </p>
            </div>
          )}
          <form method="post" encType="multipart/form-data" className="form" action="#verificar">
            <Field name="archivo" label="Archivo" error={answer?.error ?? undefined}>
              {(control) => <input {...control} type="file" />}
            </Field>
            <button type="submit" className="button button-quiet">
              Verificar archivo
            </button>
          </form>
        </section>
      )}
    </div>
  );
}
