// The process a page is about, for a form that asks by GET; nothing while there is only one.
import { Field } from './form.tsx';

export function ProcessField(props: {
  options: { key: string; name: string }[];
  chosen: string | undefined;
  error?: string | undefined;
}) {
  const { options, chosen, error } = props;
  if (options.length === 0) return null;
  return (
    <Field name="proceso" label="Proceso" error={error}>
      {(control) => (
        <select {...control} defaultValue={chosen} key={chosen}>
          {options.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
