// The tables of the Commission's report: they print on letter paper with their heads repeated on every page.
import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import type { ComplianceTotals } from '../domain/overdue-report.ts';

export interface OverdueRow {
  number: number;
  id: number;
  ref: string;
  title: string;
  /** `Anexo Técnico, numeral C.b · LGIPE 153.1`. */
  basis: string;
  area: string;
  owed_by_ine: boolean;
  due_on: string;
  due: string;
  /** Natural days. */
  days_late: number;
  /** Day on which the mail server took the last notice. */
  last_notice: string | null;
  notes: string[];
}

export function OverdueTable({ rows, caption }: { rows: OverdueRow[]; caption: string }) {
  return (
    <table className="table stack overdue">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">No.</th>
          <th scope="col">Obligación y fundamento</th>
          <th scope="col">Área</th>
          <th scope="col">Venció</th>
          <th scope="col" className="number">
            Días de atraso
          </th>
          <th scope="col">Último aviso aceptado</th>
          <th scope="col">Nota</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td data-label="No.">{row.number}</td>
            <td data-label="Obligación y fundamento">
              <Link to={`/vencimientos/${row.id}`}>{row.title}</Link>
              <span className="quiet">
                {row.ref} · {row.basis}
              </span>
            </td>
            <td data-label="Área">{row.area}</td>
            <td data-label="Venció" className="date">
              <time dateTime={row.due_on}>{row.due}</time>
            </td>
            <td data-label="Días de atraso" className="number">
              {row.days_late}
            </td>
            <td data-label="Último aviso aceptado" className="date">
              {row.last_notice ?? '—'}
            </td>
            <td data-label="Nota">{row.notes.length > 0 ? row.notes.join('; ') : '—'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface PlainRow {
  id: number;
  ref: string;
  title: string;
  cells: ReactNode[];
}

/** A deadline per row; `columns` begins with the name of the deadline's own column. */
export function PlainTable({ columns, rows }: { columns: string[]; rows: PlainRow[] }) {
  return (
    <table className="table stack">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, ref, title, cells }) => (
          <tr key={id}>
            <td data-label={columns[0]}>
              <Link to={`/vencimientos/${id}`}>{title}</Link> <span className="quiet">{ref}</span>
            </td>
            {cells.map((cell, index) => (
              <td key={columns[index + 1]} data-label={columns[index + 1]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const TOTALS: [name: string, value: (totals: ComplianceTotals) => number][] = [
  ['Exigibles', ({ due }) => due],
  ['En plazo', ({ concluded_on_time }) => concluded_on_time],
  ['Fuera de plazo', ({ concluded_late }) => concluded_late],
  ['En revisión', ({ in_review }) => in_review],
  ['Vencidas', ({ overdue }) => overdue],
];

/** Totals by area, with the sum of all as the last row. */
export function TotalsTable(props: {
  rows: { area_name: string; totals: ComplianceTotals }[];
  all: ComplianceTotals;
}) {
  return (
    <table className="table stack">
      <thead>
        <tr>
          <th scope="col">Área</th>
          {TOTALS.map(([name]) => (
            <th key={name} scope="col" className="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map(({ area_name, totals }) => (
          <tr key={area_name}>
            <th scope="row">{area_name}</th>
            {TOTALS.map(([name, value]) => (
              <td key={name} data-label={name} className="number">
                {value(totals)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Todas</th>
          {TOTALS.map(([name, value]) => (
            <td key={name} data-label={name} className="number">
              {value(props.all)}
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}
