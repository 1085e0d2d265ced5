// The bench's answer: one compact table in Markdown with the machine it was measured on.
import { arch, cpus, platform, totalmem } from 'node:os';

export interface Row {
  measure: string;
  size: string;
  /** Milliseconds, or mails a second where `rate`. */
  ours: number;
  bare: number;
  rate?: boolean;
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

export function markdown(rows: Row[], postgres: string): string {
  const value = (row: Row, number: number) => (row.rate ? `${Math.round(number)}/s` : duration(number));
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
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
    '',
    `Memory of this process at the end: ${megabytes(process.memoryUsage().rss)}; at most ${megabytes(process.resourceUsage().maxRSS * 1024)}.`,
  ].join('\n');
}
