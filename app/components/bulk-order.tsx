// The two forms of an order about chosen deadlines: what is to be done with them, and, once shown, why it is done.
import { Form } from '@remix-run/react';
import type { ReactNode } from 'react';
import { Field, Select, SubmitButton, type Errors, type Option } from './form.tsx';
import { ChosenIds } from './selection-form.tsx';

/** `1 obligación`, `12 obligaciones`. */
export const obligationsWords = (count: number) => (count === 1 ? '1 obligación' : `${count} obligaciones`);

interface Choice {
  ids: number[];
  /** Of the field that says what is done. */
  name: string;
  /** Empty while nothing is chosen. */
  value: string;
}

/** Asks for what is to be done; its answer shows what that would do. */
export function ChoiceForm(
  props: Choice & {
    label: string;
    /** What stands for nothing chosen. */
    none: string;
    options: Option[];
    error: string | undefined;
    submit: string;
  },
) {
  const { ids, name, value, label, none, options, error, submit } = props;
  return (
    <Form method="get" className="inline-form">
      <ChosenIds ids={ids} />
      <Field name={name} label={label} error={error}>
        {(control) => <Select control={control} value={value} none={none} options={options} key={value} />}
      </Field>
      <button type="submit" className={value === '' ? 'button' : 'button button-quiet'}>
        {submit}
      </button>
    </Form>
  );
}

/** Asks why, and does it; `children` says once more what. */
export function ApplyForm(
  props: Choice & {
    /** The fingerprint of what is shown. */
    seen: string;
    answer: { errors: Errors<string>; motivo: string } | undefined;
    submit: string;
    pending: string;
    children: ReactNode;
  },
) {
  const { ids, name, value, seen, answer, submit, pending, children } = props;
  return (
    <Form method="post" className="form" noValidate>
      <ChosenIds ids={ids} />
      <input type="hidden" name={name} value={value} />
      <input type="hidden" name="visto" value={seen} />
      <p>{children}</p>
      <Field
        name="motivo"
        label="Motivo"
        hint="Queda en la bitácora, en cada obligación."
        error={answer?.errors['motivo']}
      >
        {(control) => <textarea {...control} rows={3} defaultValue={answer?.motivo} />}
      </Field>
      <SubmitButton pending={pending}>{submit}</SubmitButton>
    </Form>
  );
}
