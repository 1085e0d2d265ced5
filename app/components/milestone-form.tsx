// The form with which a milestone gets a date, another date, or none; it only asks, the page it leads to applies.
import { Form } from '@remix-run/react';
import { DateInput, ErrorSummary, Field, type Errors } from './form.tsx';
import type { MoveField, TypedMove } from '../domain/milestone-form.ts';

const STATE_WORDS = {
  firme: 'Firme',
  provisional: 'Provisional',
  'sin-fecha': 'Sin fecha',
};

export function MilestoneForm(props: {
  action: string;
  process: string | null;
  typed: TypedMove;
  errors?: Errors<MoveField> | undefined;
}) {
  const { action, process, typed, errors } = props;
  return (
    <>
      <ErrorSummary errors={errors} />
      <Form method="get" action={action} className="form" noValidate>
        {process && <input type="hidden" name="proceso" value={process} />}
        <Field name="fecha" label="Fecha nueva" error={errors?.fecha}>
          {(control) => <DateInput control={control} value={typed.fecha} />}
        </Field>
        <Field
          name="hora"
          label="Hora (opcional)"
          hint="Hora del centro. Hace falta si algún plazo se cuenta en horas."
          error={errors?.hora}
        >
          {(control) => <input {...control} type="time" defaultValue={typed.hora} />}
        </Field>
        <Field
          name="estado"
          label="Qué tan segura es"
          hint="Con «Sin fecha» el evento deja de tenerla y lo que depende de él espera."
          error={errors?.estado}
        >
          {(control) => (
            <select {...control} defaultValue={typed.estado}>
              {Object.entries(STATE_WORDS).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          name="acto"
          label="Documento que lo ordena"
          hint="El acuerdo, oficio o resolución; queda como fuente de la fecha."
          error={errors?.acto}
        >
          {(control) => <input {...control} type="text" defaultValue={typed.acto} maxLength={200} />}
        </Field>
        <Field
          name="nota"
          label="Nota (opcional)"
          hint="Se incluye en el correo a las áreas."
          error={errors?.nota}
        >
          {(control) => <textarea {...control} rows={3} defaultValue={typed.nota} />}
        </Field>
        <p className="actions">
          <button type="submit" className="button">
            Ver qué cambiaría
          </button>
          <span className="quiet">Todavía no se cambia nada.</span>
        </p>
      </Form>
    </>
  );
}
