// The bench's answer: one compact table in Markdown with the machine it was measured on.
import { arch, cpus, platform, totalmem } from 'node:os';

export interface Row {
  measure: string;
  size: string;
  /** Milliseconds unless `unit` says otherwise. */
  ours: number;
  bare: number;
  unit?: 'rate' | 'MB' | 'kB' | 'elements';
  /** Ours against ours at the smallest size. */
  growth?: number | undefined;
}

const ratio = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)}×`;

/** Milliseconds below a second, seconds above. */
function duration(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
}

function value({ unit }: Row, number: number): string {
  switch (unit) {
    case undefined:
      return duration(number);
    case 'rate':
      return `${Math.round(number)}/s`;
    case 'elements':
      return Math.round(number).toLocaleString('en');
    default:
      return `${Math.round(number)} ${unit}`;
  }
}

export function markdown(rows: Row[], postgres: string): string {
  return [
    `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${arch()}, Node ${process.versions.node}, PostgreSQL ${postgres}; medians, in turns with the bare way.`,
    '',
    '| measure | size | this program | bare | ratio | against the smallest |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...rows.map((row) =>
      [
        '',
        row.measure,
        row.size,
        value(row, row.ours),
        value(row, row.bare),
        ratio(row.ours / row.bare),
        row.growth === undefined ? '' : ratio(row.growth),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ].join('\n');
}
