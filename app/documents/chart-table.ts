// A chart as a table: the same numbers, for whoever reads rather than looks.
import type { BarChart, OutlineTable } from '../domain/report-outline.ts';

export function chartTable({ title, parts, bars }: BarChart): OutlineTable {
  return {
    caption: title,
    columns: [
      { name: '', kind: 'text', width: 30 },
      ...parts.map((name) => ({ name, kind: 'number' as const, width: 15 })),
    ],
    rows: bars.map(({ name, values }) => [name, ...values]),
  };
}
