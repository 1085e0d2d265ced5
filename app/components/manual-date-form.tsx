// The form that says a deadline's date by hand, or that goes back to the one its rule gives.
import { Form } from '@remix-run/react';
import type { ManualDateField, TypedManualDate } from '../domain/manual-date-form.ts';
import { GROUND_WORDS } from '../domain/manual-ground.ts';
import { DateInput, Field, FormEnd, SubmitButton, type Errors } from './form.tsx';

export function ManualDateForm(props: {
  typed: TypedManualDate;
  errors?: Errors<ManualDateField> | undefined;
  version: number;
  /** The date the rule gives, in words, when it is not the one in force. */
  computed: string | null;
  cancel: string;
}) {
  const { typed, errors, version, computed, cancel } = props;
  return (
    <Form method="post" className="form" noValidate>
      <input type="hidden" name="version" value={version} />
      {computed === null ? (
        <input type="hidden" name="which" value="said" />
      ) : (
        <fieldset className="choices">
          <legend>Qué fecha ha de regir</legend>
          <label>
            <input type="radio" name="which" value="said" defaultChecked={typed.which !== 'computed'} /> Otra,
            que dice un documento
          </label>
          <label>
            <input type="radio" name="which" value="computed" defaultChecked={typed.which === 'computed'} />{' '}
            La que da la regla: {computed}
          </label>
        </fieldset>
      )}
      <Field
        name="due_on"
        label="Nueva fecha límite"
        hint={computed === null ? undefined : 'Sólo si la dice un documento.'}
        error={errors?.due_on}
      >
        {(control) => <DateInput control={control} value={typed.due_on} required={computed === null} />}
      </Field>
      <Field
        name="due_time"
        label="Hora (opcional)"
        hint="Hora del centro. Sin hora, el plazo corre hasta el fin del día."
        error={errors?.due_time}
      >
        {(control) => <input {...control} type="time" defaultValue={typed.due_time} />}
      </Field>
      <Field name="ground" label="Qué la fija" error={errors?.ground}>
        {(control) => (
          <select {...control} defaultValue={typed.ground}>
            <option value="">Elige uno</option>
            {Object.entries(GROUND_WORDS).map(([value, { option }]) => (
              <option key={value} value={value}>
                {option}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        name="document"
        label="Documento"
        hint="El acuerdo u oficio, por su número."
        error={errors?.document}
      >
        {(control) => <input {...control} type="text" defaultValue={typed.document} required />}
      </Field>
      <Field
        name="reason"
        label="Motivo"
        hint="Se lee en la historia del vencimiento. Hasta 4,000 caracteres."
        error={errors?.reason}
      >
        {(control) => <textarea {...control} rows={4} defaultValue={typed.reason} required />}
      </Field>
      <FormEnd cancel={cancel}>
        <SubmitButton pending="Calculando…" name="step" value="preview">
          Ver qué cambia
        </SubmitButton>
      </FormEnd>
      <p className="quiet">Todavía no se guarda nada: antes verás las fechas.</p>
    </Form>
  );
}
