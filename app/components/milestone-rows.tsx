// The milestones of a process as rows to fill: date, hour, certainty and source side by side.
import type { TypedMilestone } from '../domain/process-form.ts';
import { DateInput, Field, type Errors } from './form.tsx';

export interface MilestoneRow {
  key: string;
  name: string;
  /** How many obligations count from it. */
  obligations: number;
  typed: TypedMilestone;
  /** Its date and hour in words; null while it has none. */
  when: string | null;
}

/** Those that something hangs from are open; the others are folded under one heading. */
export function MilestoneRows(props: {
  rows: MilestoneRow[];
  errors: Errors<string> | undefined;
  readOnly: boolean;
}) {
  const { rows, errors = {}, readOnly } = props;
  const needed = rows.filter(({ obligations }) => obligations > 0);
  const others = rows.filter(({ obligations }) => obligations === 0);
  const wrong = others.some(({ key }) => Object.keys(errors).some((name) => name.endsWith(`.${key}`)));
  const list = (shown: MilestoneRow[]) =>
    shown.map((row) =>
      readOnly ? <Known key={row.key} row={row} /> : <Fill key={row.key} row={row} errors={errors} />,
    );
  return (
    <>
      {list(needed)}
      {others.length > 0 && (
        <details open={wrong}>
          <summary>Hitos de los que no se cuenta ningún plazo ({others.length})</summary>
          {list(others)}
        </details>
      )}
    </>
  );
}

function hanging(count: number): string {
  if (count === 0) return 'Ninguna obligación se cuenta desde aquí';
  return count === 1 ? '1 obligación se cuenta desde aquí' : `${count} obligaciones se cuentan desde aquí`;
}

function Fill({ row, errors }: { row: MilestoneRow; errors: Errors<string> }) {
  const { key, name, typed } = row;
  return (
    <fieldset className="fill-row">
      <legend>
        {name} <span className="quiet">{hanging(row.obligations)}</span>
      </legend>
      <div className="fill-fields">
        <Field name={`date.${key}`} label="Fecha" error={errors[`date.${key}`]}>
          {(control) => <DateInput control={control} value={typed.date} key={typed.date} />}
        </Field>
        <Field name={`time.${key}`} label="Hora" error={errors[`time.${key}`]}>
          {(control) => <input {...control} type="time" defaultValue={typed.time} key={typed.time} />}
        </Field>
        <Field name={`source.${key}`} label="Fuente" error={errors[`source.${key}`]}>
          {(control) => (
            <input
              {...control}
              type="text"
              defaultValue={typed.source}
              key={typed.source}
              placeholder="Acuerdo o calendario"
            />
          )}
        </Field>
        <label className="fill-check">
          <input type="checkbox" name={`firm.${key}`} value="sí" defaultChecked={typed.firm !== ''} />
          Firme
        </label>
      </div>
    </fieldset>
  );
}

function Known({ row: { name, obligations, typed, when } }: { row: MilestoneRow }) {
  return (
    <p className="fill-row">
      <strong>{name}</strong> {when ?? 'sin fecha'}{' '}
      {when !== null && typed.firm === '' && <span className="mark">Provisional</span>}
      <span className="quiet">
        {hanging(obligations)}
        {typed.source && ` · ${typed.source}`}
      </span>
    </p>
  );
}
