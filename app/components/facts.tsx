// Facts with their names: the quiet two-column list most pages are made of.
import type { ReactNode } from 'react';

/** A description list; rows whose value is null, false or empty are left out. */
export function Facts({
  rows,
  inline = false,
}: {
  rows: [name: string, value: ReactNode][];
  inline?: boolean;
}) {
  return (
    <dl className={inline ? 'facts facts-inline' : 'facts'}>
      {rows
        .filter(([, value]) => value !== null && value !== false && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
