// Areas as the lists to choose one from name them.
import type { Option } from '../components/form.tsx';

/** Each with its institution beside its name. */
export function areaOptions(areas: readonly (Option & { institution: string })[]): Option[] {
  return areas.map(({ key, name, institution }) => ({ key, name: `${name} (${institution})` }));
}
