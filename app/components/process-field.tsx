// The process a page is about, for a form that asks by GET; nothing while there is only one.
import { Field, Select, type Option } from './form.tsx';

export function ProcessField(props: {
  options: Option[];
  chosen: string | undefined;
  error?: string | undefined;
}) {
  const { options, chosen, error } = props;
  if (options.length === 0) return null;
  return (
    <Field name="proceso" label="Proceso" error={error}>
      {(control) => <Select control={control} value={chosen} options={options} key={chosen} />}
    </Field>
  );
}
