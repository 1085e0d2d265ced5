// The words of the four-month report: its conclusion, its bars, its tables.
import { cutAtWords } from './cut.ts';
import {
  INE_STATES,
  INE_STATE_WORDS,
  type FourMonthPeriod,
  type FourMonthReport,
  type StateCounts,
} from './four-month-report.ts';
import { percentage } from './overdue-report.ts';
import { COMMISSION, copyFooter } from './overdue-outline.ts';
import { formatMonth, formatShortDate } from './plain-date.ts';
import { section, type BarChart, type Cell, type Outline, type OutlineTable } from './report-outline.ts';

/** `enero–abril de 2024`. */
export function periodWords({ months, year }: FourMonthPeriod): string {
  const name = (month: string) => formatMonth(month).replace(/ de \d+$/, '');
  return `${name(months[0]!)}–${name(months.at(-1)!)} de ${year}`;
}

/** The report in words; `sha256` is of its canonical text, `audit` the head of the record now. */
export function fourMonthOutline(
  report: FourMonthReport,
  sha256: string,
  audit: { seq: number; hash: string },
): Outline {
  const { period, process, cut, all, by_month, by_area, by_party, date_changes } = report;
  const title = 'Informe cuatrimestral de seguimiento';
  const over = cut.day >= period.to;
  const months = by_month.map(({ month, counts }) => ({ name: formatMonth(month), counts }));
  const areas = by_area.map(({ area, counts }) => ({ name: area, counts }));
  const parties = by_party.map(({ party, counts }) => ({
    name: party === 'OPL' ? 'OPL (IEM)' : 'INE',
    counts,
  }));
  return {
    title: `${title}, ${periodWords(period)}`,
    kicker: process === null ? COMMISSION : `${COMMISSION} · ${process.name}`,
    facts: [
      ['Periodo', `del ${formatShortDate(period.from)} al ${formatShortDate(period.to)}`],
      ['Corte', `${cutAtWords(cut.at)}${over ? '' : ' (el periodo aún corre)'}`],
      ['Huella SHA-256', sha256],
      ['Bitácora', `entrada ${audit.seq}, huella ${audit.hash}`],
    ],
    verdict: [
      [
        `${all.total} vencimientos del periodo: ${all.concluded} concluidos, ${all.in_progress} en proceso, ${all.overdue} fuera de plazo y ${all.to_start} por iniciar.`,
      ],
      [`Concluidos en plazo: ${all.concluded_on_time} de ${all.concluded} (${share(all)} %).`],
    ],
    sections: [
      section('meses', 'Por mes', {
        chart: chart('Vencimientos de cada mes, por estado', months),
        tables: [countTable('Vencimientos según el mes de su fecha límite', 'Mes', months, all)],
      }),
      section('areas', 'Por área', {
        chart: chart(
          'Vencimientos de cada área, por estado',
          by_area.map(({ short, counts }) => ({ name: short, counts })),
        ),
        tables: [countTable('Vencimientos según su área responsable', 'Área', areas, all)],
      }),
      section('partes', 'Por parte', {
        tables: [countTable('Vencimientos según a quién corresponden', 'A cargo de', parties, all)],
      }),
      section('modificaciones', `Modificaciones de fechas en el periodo (${date_changes.length})`, {
        paragraphs: date_changes.length === 0 ? [['Ninguna fecha cambió en el periodo.']] : [],
        tables: date_changes.length === 0 ? [] : [changeTable(report)],
      }),
      section('notas', 'Notas', {
        bullets: [
          'Se cuentan los vencimientos con fecha límite en el periodo, en el estado que tenían al corte. Los estados son los que usa el INE para dar seguimiento a los calendarios de coordinación.',
          'En proceso: lo que tiene abierta su ventana, lo que vence en cinco días o menos y lo reportado que está en revisión. Por iniciar: lo demás que no ha vencido.',
          'Fuera de plazo es lo mismo que vencida en el informe de la Comisión: la fecha pasó y nada se ha reportado. El porcentaje en plazo es el de las concluidas, según la fecha del acto.',
          `No se cuentan los vencimientos exceptuados ni las condiciones que no se actualizaron: ${report.waived} en el periodo.`,
        ],
      }),
    ],
    signatures: ['Presidencia de la Comisión', 'Secretaría Técnica de la Comisión'],
    draft: !over,
    footer: copyFooter([title, periodWords(period), `Corte: ${cutAtWords(cut.at)}`], sha256, audit),
    made_at: cut.at,
  };
}

interface Named {
  name: string;
  counts: StateCounts;
}

const share = ({ concluded_on_time, concluded }: StateCounts) =>
  percentage(concluded_on_time, concluded).toFixed(1);

function chart(title: string, rows: Named[]): BarChart {
  return {
    title,
    parts: INE_STATES.map((state) => INE_STATE_WORDS[state]),
    bars: rows.map(({ name, counts }) => ({ name, values: INE_STATES.map((state) => counts[state]) })),
  };
}

function countTable(caption: string, first: string, rows: Named[], all: StateCounts): OutlineTable {
  const cells = ({ name, counts }: Named): Cell[] => [
    name,
    ...INE_STATES.map((state) => counts[state]),
    counts.total,
    counts.concluded === 0 ? '—' : `${share(counts)} %`,
  ];
  return {
    caption,
    columns: [
      { name: first, kind: 'text', width: 34 },
      ...INE_STATES.map((state) => ({
        name: INE_STATE_WORDS[state],
        kind: 'number' as const,
        width: 11,
      })),
      { name: 'Total', kind: 'number', width: 9 },
      { name: 'Concluidas en plazo', kind: 'number', width: 13 },
    ],
    rows: rows.map(cells),
    foot: cells({ name: 'Todas', counts: all }),
  };
}

function changeTable({ date_changes }: FourMonthReport): OutlineTable {
  return {
    caption: 'De la primera a la última',
    columns: [
      { name: 'Obligación', kind: 'text', width: 38 },
      { name: 'Fecha anterior', kind: 'date', width: 13 },
      { name: 'Fecha nueva', kind: 'date', width: 13 },
      { name: 'Registrada', kind: 'date', width: 13 },
      { name: 'Acto que la ordena', kind: 'text', width: 23 },
    ],
    rows: date_changes.map(({ id, ref, title, from, to, recorded_on, act }) => [
      { id, title, detail: ref },
      { day: from },
      { day: to },
      { day: recorded_on },
      act ?? '—',
    ]),
  };
}
