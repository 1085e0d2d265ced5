// Facts with their names: the quiet two-column list most pages are made of.
import type { ReactNode } from 'react';

type Row = [name: string, value: ReactNode];

/** A description list; rows without a value are left out, and with them all the list itself. */
export function Facts({ rows, inline = false }: { rows: Row[]; inline?: boolean }) {
  const known = rows.filter(
    ([, value]) => value !== null && value !== undefined && value !== false && value !== '',
  );
  if (known.length === 0) return null;
  return (
    <dl className={inline ? 'facts facts-inline' : 'facts'}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
