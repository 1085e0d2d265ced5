// The file of a date: how it was computed, step by step, each step with the document behind it.
import type { DateFileStep, ExcludedDay } from './date-file-view.ts';

/** Days left out that are shown at once; more wait behind a line that counts them, except on paper. */
const FEW = 3;

/**
 * ¿Por qué esta fecha? `rule` says the rule in a sentence, `result` closes the list in words; `computed` says which
 * version this is.
 */
export function DateFile(props: {
  steps: DateFileStep[];
  rule?: string | null;
  result: string;
  computed: string;
  provisional: string[];
}) {
  return (
    <div className="date-file">
      {props.rule && <p className="rule-words">{props.rule}.</p>}
      <ol>
        {props.steps.map(({ text, source, excluded }, index) => (
          <li key={index}>
            {text}
            {source && <cite>{source}</cite>}
            {excluded.length > 0 && <Excluded days={excluded} />}
          </li>
        ))}
      </ol>
      <p className="date-result">{props.result}</p>
      {props.provisional.length > 0 && (
        <div className="notice">
          <p>
            <strong>Fecha provisional.</strong> Falta confirmar:
          </p>
          <ul>
            {props.provisional.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      <p className="quiet">{props.computed}</p>
    </div>
  );
}

function Excluded({ days }: { days: ExcludedDay[] }) {
  if (days.length <= FEW) return <ExcludedTable days={days} />;
  return (
    <>
      <details className="no-print">
        <summary>{days.length} días inhábiles que no cuentan</summary>
        <ExcludedTable days={days} />
      </details>
      <div className="only-print">
        <ExcludedTable days={days} />
      </div>
    </>
  );
}

function ExcludedTable({ days }: { days: ExcludedDay[] }) {
  return (
    <table className="table excluded-days">
      <caption className="unseen">Días que no cuentan</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">Día que no cuenta</th>
          <th scope="col">Por qué y de dónde consta</th>
        </tr>
      </thead>
      <tbody>
        {days.map(({ day, name, source }) => (
          <tr key={day}>
            <th scope="row">{day}</th>
            <td>
              {name}
              {source && <span className="quiet">{source}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
