// The parts of a form: a field with its hint and its error, the list of what must be corrected, the button.
import { Link, useNavigation } from '@remix-run/react';
import { useEffect, useRef, type ReactNode } from 'react';

export type Errors<Name extends string> = Partial<Record<Name, string>>;

interface Control {
  id: string;
  name: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** A labelled control; `children` renders it with the attributes that tie it to its hint and its error. */
export function Field(props: {
  name: string;
  label: string;
  hint?: ReactNode | undefined;
  error?: string | undefined;
  children: (control: Control) => ReactNode;
}) {
  const { name, label, hint, error } = props;
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return (
    <div className="field" data-invalid={error ? true : undefined}>
      <label htmlFor={name}>{label}</label>
      {hint && (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <FieldError name={name} error={error} />
      {props.children({
        id: name,
        name,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': error ? true : undefined,
      })}
    </div>
  );
}

/** What is wrong with a field, beside it. */
export function FieldError({ name, error }: { name: string; error?: string | undefined }) {
  if (!error) return null;
  return (
    <p className="field-error" id={`${name}-error`}>
      <span aria-hidden="true">✕ </span>
      {error}
    </p>
  );
}

/** A date, given to the browser's own picker unless what was typed is something it could not show. */
export function DateInput({
  control,
  value,
  ...rest
}: {
  control: Control;
  value: string;
  min?: string;
  max?: string;
  required?: boolean;
}) {
  const shown = value === '' || /^\d{4}-\d{2}-\d{2}$/.test(value);
  return <input {...control} {...rest} type={shown ? 'date' : 'text'} defaultValue={value} />;
}

/** What a list to choose from holds: the value that is sent, and what is read. */
export interface Option {
  key: string;
  name: string;
}

/** One of a list; `none` is what stands for nothing chosen, where that can be. */
export function Select({
  control,
  value,
  none,
  options,
  required,
}: {
  control: Control;
  value: string | undefined;
  none?: string | undefined;
  options: readonly Option[];
  required?: boolean;
}) {
  return (
    <select {...control} defaultValue={value} required={required}>
      {none !== undefined && <option value="">{none}</option>}
      {options.map(({ key, name }) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Carries what was typed on to the next step of a form, unseen. */
export function HiddenFields({ fields }: { fields: Record<string, string> }) {
  return Object.entries(fields).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));
}

/** The list of what must be corrected, linked to its fields; takes the focus when it appears. */
export function ErrorSummary({ errors }: { errors: Errors<string> | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors) box.current?.focus();
  }, [errors]);
  const list = Object.entries(errors ?? {});
  if (list.length === 0) return null;
  return (
    <div className="error-summary" role="alert" tabIndex={-1} ref={box}>
      <h2>{list.length === 1 ? 'Revisa este dato' : 'Revisa estos datos'}</h2>
      <ul>
        {list.map(([name, message]) => (
          <li key={name}>
            <a href={`#${name}`}>{message}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A button that says what it is doing while its form travels. */
export function SubmitButton(props: {
  children: ReactNode;
  pending: string;
  quiet?: boolean;
  name?: string;
  value?: string;
}) {
  const { children, pending, quiet = false, ...field } = props;
  const navigation = useNavigation();
  const sent = navigation.formData;
  const busy = sent !== undefined && (field.name === undefined || sent.get(field.name) === field.value);
  return (
    <button
      type="submit"
      className={quiet ? 'button button-quiet' : 'button'}
      disabled={sent !== undefined}
      {...field}
    >
      {busy ? pending : children}
    </button>
  );
}

/** The end of a form: what sends it, and the way back without sending. */
export function FormEnd({ cancel, children }: { cancel: string; children: ReactNode }) {
  return (
    <p className="actions">
      {children}
      <Link className="more" to={cancel}>
        Cancelar
      </Link>
    </p>
  );
}
