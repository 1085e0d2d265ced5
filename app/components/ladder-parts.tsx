// The parts of the page of ladders: the rows of the form, and what each rung would send.
import { LEVELS, type LadderRow } from '../domain/ladder-form.ts';
import { FieldError, type Errors } from './form.tsx';

/** One row per rung, to be changed, emptied or filled. */
export function LadderRows({
  rows,
  errors,
  most,
}: {
  rows: LadderRow[];
  errors: Errors<string>;
  most: number;
}) {
  return (
    <table className="table stack ladder-rows">
      <caption>A lo más {most} peldaños. El mismo día se escribe: 0 días antes.</caption>
      <thead>
        <tr>
          <th scope="col">Cuánto</th>
          <th scope="col">Unidad</th>
          <th scope="col">Momento</th>
          <th scope="col">A quién</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            <td>
              <FieldError name={`cuanto-${index}`} error={errors[`cuanto-${index}`]} />
              <input
                id={`cuanto-${index}`}
                name={`cuanto-${index}`}
                inputMode="numeric"
                size={4}
                aria-label={`Cuánto, peldaño ${index + 1}`}
                aria-invalid={errors[`cuanto-${index}`] ? true : undefined}
                defaultValue={row.cuanto}
              />
            </td>
            <td>
              <Choice
                name={`unidad-${index}`}
                label={`Unidad, peldaño ${index + 1}`}
                value={row.unidad}
                options={[
                  ['dias', 'días'],
                  ['horas', 'horas'],
                ]}
              />
            </td>
            <td>
              <Choice
                name={`momento-${index}`}
                label={`Momento, peldaño ${index + 1}`}
                value={row.momento}
                options={[
                  ['antes', 'antes'],
                  ['despues', 'después'],
                ]}
              />
            </td>
            <td>
              <Choice
                name={`nivel-${index}`}
                label={`A quién, peldaño ${index + 1}`}
                value={row.nivel}
                options={Object.entries(LEVELS).map(([key, { label }]) => [key, label])}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Choice(props: { name: string; label: string; value: string; options: [string, string][] }) {
  return (
    <select name={props.name} aria-label={props.label} defaultValue={props.value}>
      {props.options.map(([key, label]) => (
        <option key={key} value={key}>
          {label}
        </option>
      ))}
    </select>
  );
}

export interface LadderSample {
  about: string;
  due: string;
  rows: { key: string; when: string; on: string; subject: string; to: string[]; remark: string | null }[];
}

/** What each rung would send about one deadline, and on which morning. */
export function SampleTable({ sample }: { sample: LadderSample }) {
  return (
    <section aria-labelledby="ejemplo">
      <h2 id="ejemplo">Qué enviaría</h2>
      <p>
        {sample.about}. Vence el {sample.due}.
      </p>
      <table className="table stack">
        <thead>
          <tr>
            <th scope="col">Peldaño</th>
            <th scope="col">Sale</th>
            <th scope="col">Asunto</th>
            <th scope="col">A</th>
          </tr>
        </thead>
        <tbody>
          {sample.rows.map(({ key, when, on, subject, to, remark }) => (
            <tr key={key}>
              <th scope="row">{when}</th>
              <td data-label="Sale" className="date">
                {on}
              </td>
              <td data-label="Asunto">{remark ?? `${subject}…`}</td>
              <td data-label="A">
                {to.map((person) => (
                  <span key={person} className="person-line">
                    {person}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
