// What a change of the calendar would do, before anything is saved, and the button that saves it.
import { Form, Link } from '@remix-run/react';
import { EffectSummary, EffectTables } from './effect-table.tsx';
import { SubmitButton } from './form.tsx';
import type { EffectView } from './milestone-words.ts';

export interface CalendarPreviewView {
  edit: string;
  act: string;
  seen: string;
  days: { day: string; words: string }[];
  effects: readonly EffectView[];
  settled: {
    deadline_id: number;
    ref: string;
    title: string;
    area_name: string;
    due: string;
    firm: boolean;
  }[];
  areas: string[];
}

export function CalendarPreviewPanel({
  preview,
  changed,
  path,
}: {
  preview: CalendarPreviewView;
  changed: boolean;
  path: string;
}) {
  const { edit, act, seen, days, effects, settled, areas } = preview;
  return (
    <>
      {changed && (
        <div className="error-summary" role="alert">
          <h2>El efecto cambió mientras lo veías</h2>
          <p>No se guardó nada. Esto es lo que pasaría ahora.</p>
        </div>
      )}
      {days.length > 1 && (
        <details>
          <summary>Ver los {days.length} días</summary>
          <ul className="plain-list">
            {days.map(({ day, words }) => (
              <li key={day}>{words}</li>
            ))}
          </ul>
        </details>
      )}
      {effects.length === 0 ? <p>Ninguna fecha límite cambia.</p> : <EffectSummary effects={effects} />}
      <EffectTables effects={effects} decide={false} />
      {settled.length > 0 && (
        <section aria-labelledby="firmes">
          <h2 id="firmes">Misma fecha, mejor fundada ({settled.length})</h2>
          <table className="table stack">
            <thead>
              <tr>
                <th scope="col">Obligación</th>
                <th scope="col">Área</th>
                <th scope="col">Vence</th>
                <th scope="col">Queda</th>
              </tr>
            </thead>
            <tbody>
              {settled.map((row) => (
                <tr key={row.deadline_id}>
                  <td data-label="Obligación">
                    <Link to={`/vencimientos/${row.deadline_id}`}>{row.title}</Link>{' '}
                    <span className="quiet">{row.ref}</span>
                  </td>
                  <td data-label="Área">{row.area_name}</td>
                  <td data-label="Vence" className="date">
                    {row.due}
                  </td>
                  <td data-label="Queda">{row.firm ? 'firme' : 'provisional por otra causa'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p>
        {areas.length === 0
          ? 'No se enviará ningún correo.'
          : `Se enviará un correo a ${areas.length === 1 ? '1 área' : `${areas.length} áreas`}: ${areas.join('; ')}.`}{' '}
        Ordena el cambio: {act}.
      </p>
      <Form method="post" action={path}>
        <input type="hidden" name="cambio" value={edit} />
        <input type="hidden" name="acto" value={act} />
        <input type="hidden" name="visto" value={seen} />
        <p className="actions">
          <SubmitButton name="que" value="aplicar" pending="Guardando…">
            Guardar el cambio
          </SubmitButton>
          <Link to={path}>Cancelar</Link>
        </p>
      </Form>
    </>
  );
}
