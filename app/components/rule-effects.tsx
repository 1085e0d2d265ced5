// What a new rule would give and change, before it is saved: its next dates, why, and what happens to those there are.
import { Link } from '@remix-run/react';
import { DateFile } from './date-file.tsx';
import type { DateFileStep } from './date-file-view.ts';

export interface RulePreviewView {
  fingerprint: string;
  /** The rule in a sentence, with the dates of what it counts from. */
  words: string;
  /** How many dates it gives in all; null when it gives none by nature. */
  total: number;
  /** What is said instead of dates: a standing duty, a wait. */
  without: string | null;
  dates: { due: string; opens: string | null; warnings: string[] }[];
  /** The derivation of the first of them. */
  file: { title: string; steps: DateFileStep[]; result: string; provisional: string[] } | null;
  /** `Se mueven 3`, `Protegidas 1`. */
  counts: string[];
  /** Areas that will be written to, with how many of their dates change. */
  areas: string[];
  effects: {
    id: string;
    path: string | null;
    ref: string;
    current: string;
    proposed: string;
    difference: string;
    outcome: string;
  }[];
}

export function RuleEffects({ preview }: { preview: RulePreviewView }) {
  const opening = preview.dates.some(({ opens }) => opens !== null);
  return (
    <>
      <h2 id="fechas">Qué fechas da</h2>
      <p className="rule-words">{preview.words}.</p>
      {preview.without && <p>{preview.without}</p>}
      {preview.dates.length > 0 && (
        <table className="table stack">
          <caption>{captionOf(preview)}</caption>
          <thead>
            <tr>
              <th scope="col">Vence</th>
              {opening && <th scope="col">Se abre</th>}
              <th scope="col">Avisos</th>
            </tr>
          </thead>
          <tbody>
            {preview.dates.map(({ due, opens, warnings }) => (
              <tr key={`${opens ?? ''}${due}`}>
                <th scope="row" data-label="Vence">
                  {due}
                </th>
                {opening && <td data-label="Se abre">{opens ?? '—'}</td>}
                <td data-label="Avisos">{warnings.length === 0 ? 'Todos a tiempo' : warnings.join(' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {preview.file && (
        <details open={preview.dates.length < 2}>
          <summary>{preview.file.title}</summary>
          <DateFile {...preview.file} computed="Todavía no se guarda." />
        </details>
      )}
      <h3>Qué pasa con los vencimientos que ya existen</h3>
      {preview.effects.length === 0 ? (
        <p>Ninguna fecha cambia.</p>
      ) : (
        <>
          <p>{preview.counts.join(' · ')}</p>
          <table className="table stack">
            <thead>
              <tr>
                <th scope="col">Obligación</th>
                <th scope="col">Fecha actual</th>
                <th scope="col">Fecha nueva</th>
                <th scope="col">Diferencia</th>
                <th scope="col">Al guardar</th>
              </tr>
            </thead>
            <tbody>
              {preview.effects.map(({ id, path, ref, current, proposed, difference, outcome }) => (
                <tr key={id}>
                  <td data-label="Obligación">{path ? <Link to={path}>{ref}</Link> : ref}</td>
                  <td data-label="Fecha actual">{current}</td>
                  <td data-label="Fecha nueva">{proposed}</td>
                  <td data-label="Diferencia">{difference}</td>
                  <td data-label="Al guardar">{outcome}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {preview.areas.length > 0 && (
            <p>Al guardar se envía un correo a cada área con cambios: {preview.areas.join('; ')}.</p>
          )}
        </>
      )}
    </>
  );
}

function captionOf({ total, dates }: RulePreviewView): string {
  if (total === 1) return 'Una sola fecha';
  if (dates.length === total) return `Las ${total} fechas que da`;
  return dates.length === 1
    ? `La siguiente, de ${total} en total`
    : `Las ${dates.length} siguientes, de ${total} en total`;
}
