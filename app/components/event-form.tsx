// The form with which somebody records that an event happened.
import { Form, Link } from '@remix-run/react';
import type { EventField, TypedEvent } from '../domain/event-form.ts';
import { DateInput, Field, SubmitButton, type Errors } from './form.tsx';

/** It is sent to `action`, which shows what would be opened before anything is saved. */
export function EventForm(props: {
  action: string;
  typed: TypedEvent;
  errors?: Errors<EventField> | undefined;
  today: string;
  timed: boolean;
  cancel?: string;
}) {
  const { action, typed, errors, today, timed, cancel } = props;
  return (
    <Form method="post" action={action} className="form" noValidate>
      <Field name="on_date" label="Fecha en que ocurrió" error={errors?.on_date}>
        {(control) => <DateInput control={control} value={typed.on_date} max={today} required />}
      </Field>
      <Field
        name="at_time"
        label={timed ? 'Hora' : 'Hora (opcional)'}
        hint={`Hora del centro.${timed ? ' De ella se cuentan plazos en horas, de momento a momento.' : ''}`}
        error={errors?.at_time}
      >
        {(control) => (
          <input {...control} type="time" defaultValue={typed.at_time} required={timed || undefined} />
        )}
      </Field>
      <Field name="description" label="De qué se trata" error={errors?.description}>
        {(control) => <input {...control} type="text" defaultValue={typed.description} required />}
      </Field>
      <Field
        name="source"
        label="Documento"
        hint="El oficio, acuerdo o acuse que lo prueba, por su número."
        error={errors?.source}
      >
        {(control) => <input {...control} type="text" defaultValue={typed.source} required />}
      </Field>
      <p className="actions">
        <SubmitButton pending="Calculando…" name="step" value="preview">
          Ver qué abre
        </SubmitButton>
        {cancel && (
          <Link className="more" to={cancel}>
            Cancelar
          </Link>
        )}
      </p>
      <p className="quiet">Todavía no se guarda nada: antes verás las fechas.</p>
    </Form>
  );
}
