// What a change would do, class by class: each deadline with its date, the one it would get and what is decided.
import { Link } from '@remix-run/react';
import type { EffectView } from './milestone-words.ts';

/** `Se mueven 23 · Protegidas 5`, each leading to its table. */
export function EffectSummary({ effects }: { effects: readonly EffectView[] }) {
  return (
    <p className="effect-summary">
      {effects.map(({ kind, title, rows }, index) => (
        <span key={kind}>
          {index > 0 && ' · '}
          <a href={`#${kind}`}>
            {title} <strong>{rows.length}</strong>
          </a>
        </span>
      ))}
    </p>
  );
}

/** One table per class; with `decide`, a check box per row that may be decided. */
export function EffectTables({ effects, decide }: { effects: readonly EffectView[]; decide: boolean }) {
  return effects.map(({ kind, title, hint, rows }) => (
    <section key={kind} className="effects" aria-labelledby={kind}>
      <h2 id={kind}>
        {title} ({rows.length})
      </h2>
      {hint && <p className="quiet">{hint}</p>}
      <table className="table stack">
        <caption className="unseen">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Obligación</th>
            <th scope="col">Área</th>
            <th scope="col">Fecha actual</th>
            <th scope="col">Fecha nueva</th>
            <th scope="col">Diferencia</th>
            {decide && <th scope="col">Decisión</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row}>
              <td data-label="Obligación">
                {row.id === null ? row.title : <Link to={`/vencimientos/${row.id}`}>{row.title}</Link>}{' '}
                <span className="quiet">
                  {row.ref}
                  {row.reason && ` · ${row.reason}`}
                </span>
              </td>
              <td data-label="Área">{row.area}</td>
              <td data-label="Fecha actual" className="date">
                {row.current}
              </td>
              <td data-label="Fecha nueva" className="date">
                {row.proposed}
              </td>
              <td data-label="Diferencia">{row.difference}</td>
              {decide && (
                <td data-label="Decisión">
                  {row.decidable && row.id !== null ? (
                    <label className="decision">
                      <input type="checkbox" name="mover" value={row.id} defaultChecked={row.moves} />
                      {kind === 'removed' ? 'Cerrar' : 'Mover'}
                      <span className="unseen"> {row.ref}; sin marcar se conserva</span>
                    </label>
                  ) : row.moves ? (
                    'Se agrega'
                  ) : (
                    'Se conserva'
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  ));
}
