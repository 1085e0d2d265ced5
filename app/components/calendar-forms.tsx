// What the Dirección may do with a calendar: put or change a day or a block, paste a list, confirm the year.
import { Form, Link } from '@remix-run/react';
import type { CalendarField, CalendarTyped } from '../domain/calendar-form.ts';
import { DateInput, Field, SubmitButton, type Errors } from './form.tsx';

/** A day of the calendar that is to be changed. */
export interface DayForm {
  dia: string;
  desde: string;
  nombre: string;
  acto: string;
  words: string;
}

interface Props {
  path: string;
  /** `IEM 2024`. */
  year: string;
  chosen: DayForm | null;
  typed: CalendarTyped | undefined;
  errors: Errors<CalendarField>;
}

export function CalendarForms({ path, year, chosen, typed, errors }: Props) {
  const of = (...what: string[]) => (typed && what.includes(typed.que) ? typed : undefined);
  const own = (field: CalendarField, ...what: string[]) => (of(...what) ? errors[field] : undefined);
  const day = of('poner', 'quitar') ?? { ...chosen, hasta: '' };
  return (
    <div className="columns columns-even">
      <section aria-labelledby="dia">
        <h2 id="dia">{chosen ? `Cambiar o quitar: ${chosen.words}` : 'Agregar un día o un bloque'}</h2>
        <Form method="post" action={path} className="form" noValidate>
          <input type="hidden" name="dia" value={day.dia ?? ''} />
          <Field name="desde" label="Día, o primer día del bloque" error={own('desde', 'poner', 'quitar')}>
            {(control) => <DateInput control={control} value={day.desde ?? ''} />}
          </Field>
          <Field
            name="hasta"
            label="Último día del bloque (opcional)"
            hint="Para vacaciones; los fines de semana se omiten."
            error={own('hasta', 'poner', 'quitar')}
          >
            {(control) => <DateInput control={control} value={day.hasta} />}
          </Field>
          <Field name="nombre" label="Nombre" error={own('nombre', 'poner', 'quitar')}>
            {(control) => <input {...control} defaultValue={day.nombre ?? ''} />}
          </Field>
          <ActField id="acto" value={day.acto ?? ''} error={own('acto', 'poner', 'quitar')} />
          <p className="actions">
            <SubmitButton name="que" value="poner" pending="Calculando…">
              Ver el efecto
            </SubmitButton>
            {chosen && (
              <SubmitButton quiet name="que" value="quitar" pending="Calculando…">
                Ver el efecto de quitarlo
              </SubmitButton>
            )}
            {chosen && <Link to={path}>Cancelar</Link>}
          </p>
        </Form>
      </section>
      <div>
        <section aria-labelledby="importar">
          <h2 id="importar">Importar una lista</h2>
          <Form method="post" action={path} className="form" noValidate>
            <Field
              name="lista"
              label="Un día o bloque por renglón"
              hint="2024-03-28 Jueves santo, o bien 2024-07-15 a 2024-07-26 Vacaciones."
              error={own('lista', 'importar')}
            >
              {(control) => <textarea {...control} rows={5} defaultValue={of('importar')?.lista} />}
            </Field>
            <ActField id="acto-importar" value={of('importar')?.acto ?? ''} error={own('acto', 'importar')} />
            <p className="actions">
              <SubmitButton quiet name="que" value="importar" pending="Calculando…">
                Ver el efecto
              </SubmitButton>
            </p>
          </Form>
        </section>
        <section aria-labelledby="confirmar">
          <h2 id="confirmar">Confirmar el año</h2>
          <p>
            Cuando la lista de {year} es la del acuerdo. Las fechas que sólo dudaban por ello quedan firmes.
          </p>
          <Form method="post" action={path} className="form" noValidate>
            <ActField
              id="acto-confirmar"
              value={of('confirmar')?.acto ?? ''}
              error={own('acto', 'confirmar')}
            />
            <p className="actions">
              <SubmitButton quiet name="que" value="confirmar" pending="Calculando…">
                Ver el efecto
              </SubmitButton>
            </p>
          </Form>
        </section>
      </div>
    </div>
  );
}

function ActField({ id, value, error }: { id: string; value: string; error: string | undefined }) {
  return (
    <Field name={id} label="Acuerdo u oficio que lo ordena" error={error}>
      {(control) => <input {...control} name="acto" defaultValue={value} />}
    </Field>
  );
}
