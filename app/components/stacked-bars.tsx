// Stacked bars as inline SVG: no script, parts told apart by pattern; the table beside has the same numbers.
import type { BarChart } from '../domain/report-outline.ts';

const WIDTH = 480;
const LABEL = 130;
const STEP = 30;
const HEIGHT = 18;
const LEGEND = 56;
/** Longest name that fits beside its bar. */
const NAME = 18;

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

export function StackedBars({ chart, id }: { chart: BarChart; id: string }) {
  const { title, parts, bars } = chart;
  const longest = Math.max(1, ...bars.map(({ values }) => total(values)));
  const scale = (WIDTH - LABEL - 40) / longest;
  const fill = (part: number) =>
    ['var(--paper)', `url(#${id}-dots)`, `url(#${id}-lines)`, 'var(--ink)'][part];
  const height = LEGEND + bars.length * STEP;
  return (
    <figure className="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={`${title}. La tabla que sigue tiene las cifras.`}
      >
        <defs>
          <pattern id={`${id}-dots`} width="6" height="6" patternUnits="userSpaceOnUse">
            <rect width="6" height="6" className="chart-paper" />
            <circle cx="3" cy="3" r="1.1" className="chart-ink" />
          </pattern>
          <pattern
            id={`${id}-lines`}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="6" height="6" className="chart-paper" />
            <rect width="2.2" height="6" className="chart-ink" />
          </pattern>
        </defs>
        {parts.map((name, index) => (
          <g key={name} transform={`translate(${(index % 2) * 160} ${4 + Math.floor(index / 2) * 22})`}>
            <rect width="26" height="14" fill={fill(index)} className="chart-edge" />
            <text x="34" y="12">
              {name}
            </text>
          </g>
        ))}
        {bars.map(({ name, values }, line) => {
          const y = LEGEND + line * STEP;
          return (
            <g key={name}>
              <text x="0" y={y + 14}>
                {name.length > NAME ? `${name.slice(0, NAME).trimEnd()}…` : name}
              </text>
              {values.map((value, index) => (
                <rect
                  key={parts[index]}
                  x={LABEL + total(values.slice(0, index)) * scale}
                  y={y}
                  width={value * scale}
                  height={value === 0 ? 0 : HEIGHT}
                  fill={fill(index)}
                  className="chart-edge"
                />
              ))}
              <text x={LABEL + total(values) * scale + 8} y={y + 14}>
                {total(values)}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
