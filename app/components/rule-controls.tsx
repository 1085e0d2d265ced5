// The controls of the rule editor: each knows what was typed in its field and what is wrong with it.
import type { ReactNode } from 'react';
import type { RuleField, RuleFormErrors, TypedRule } from '../domain/rule-fields.ts';
import { DateInput, Field, FieldError } from './form.tsx';

/** What all controls of one form share. */
export interface RuleFormState {
  typed: TypedRule;
  errors: RuleFormErrors;
}

interface ControlProps extends RuleFormState {
  name: RuleField;
  label: string;
  hint?: ReactNode;
}

export interface Option {
  value: string;
  label: string;
}

/** Options under headings; a heading without name stands before the others. */
export type OptionGroup = [heading: string, options: readonly Option[]];

export function TextControl({
  typed,
  errors,
  name,
  label,
  hint,
  numeric = false,
}: ControlProps & { numeric?: boolean }) {
  return (
    <Field name={name} label={label} hint={hint} error={errors[name]}>
      {(control) => (
        <input
          {...control}
          type="text"
          defaultValue={typed[name]}
          {...(numeric ? { inputMode: 'numeric', className: 'short' } : {})}
        />
      )}
    </Field>
  );
}

export function DateControl({ typed, errors, name, label, hint }: ControlProps) {
  return (
    <Field name={name} label={label} hint={hint} error={errors[name]}>
      {(control) => <DateInput control={control} value={typed[name]} />}
    </Field>
  );
}

export function TimeControl({ typed, errors, name, label, hint }: ControlProps) {
  const shown = /^(\d{2}:\d{2})?$/.test(typed[name]);
  return (
    <Field name={name} label={label} hint={hint} error={errors[name]}>
      {(control) => <input {...control} type={shown ? 'time' : 'text'} defaultValue={typed[name]} />}
    </Field>
  );
}

/** A list to choose from; what was chosen before stays, even when the list has it no more. */
export function SelectControl({
  typed,
  errors,
  name,
  label,
  hint,
  groups,
  empty,
}: ControlProps & { groups: readonly OptionGroup[]; empty?: string }) {
  const value = typed[name];
  const known =
    value === '' || groups.some(([, options]) => options.some((option) => option.value === value));
  return (
    <Field name={name} label={label} hint={hint} error={errors[name]}>
      {(control) => (
        <select {...control} defaultValue={value}>
          {empty !== undefined && <option value="">{empty}</option>}
          {!known && <option value={value}>{value}</option>}
          {groups.map(([heading, options]) =>
            heading === '' ? (
              <Options key={heading} options={options} />
            ) : (
              <optgroup key={heading} label={heading}>
                <Options options={options} />
              </optgroup>
            ),
          )}
        </select>
      )}
    </Field>
  );
}

function Options({ options }: { options: readonly Option[] }) {
  return options.map(({ value, label }) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));
}

/** One of a few, all in sight. */
export function RadioControl({
  typed,
  errors,
  name,
  label,
  options,
}: ControlProps & { options: readonly Option[] }) {
  return (
    <fieldset
      className="checklist"
      id={name}
      tabIndex={-1}
      aria-describedby={errors[name] && `${name}-error`}
    >
      <legend>{label}</legend>
      <FieldError name={name} error={errors[name]} />
      {options.map(({ value, label: words }) => (
        <label key={value}>
          <input type="radio" name={name} value={value} defaultChecked={typed[name] === value} />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Several of a few; each is a field of its own, the errors are those of the first. */
export function CheckboxesControl({
  typed,
  errors,
  label,
  options,
}: RuleFormState & { label: string; options: readonly { name: RuleField; label: string }[] }) {
  const [first] = options;
  if (!first) return null;
  const error = errors[first.name];
  return (
    <fieldset
      className="checklist checklist-row"
      id={first.name}
      tabIndex={-1}
      aria-describedby={error && `${first.name}-error`}
    >
      <legend>{label}</legend>
      <FieldError name={first.name} error={error} />
      {options.map((option) => (
        <label key={option.name}>
          <input type="checkbox" name={option.name} defaultChecked={typed[option.name] !== ''} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function CheckboxControl({ typed, errors, name, label, hint }: ControlProps) {
  return (
    <div className="checklist">
      <FieldError name={name} error={errors[name]} />
      <label>
        <input
          type="checkbox"
          id={name}
          name={name}
          defaultChecked={typed[name] !== ''}
          aria-describedby={hint ? `${name}-hint` : undefined}
        />
        <span>
          {label}
          {hint && (
            <span className="hint" id={`${name}-hint`}>
              {hint}
            </span>
          )}
        </span>
      </label>
    </div>
  );
}
