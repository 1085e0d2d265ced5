// The overdue report as a workbook: Resumen, Vencidas, Por área, Cambios and Notas.
import { overdueOutline } from '../domain/overdue-outline.ts';
import {
  percentage,
  type ExceptionRow,
  type OverdueReport,
  type ReportRow,
  type ReportStamp,
} from '../domain/overdue-report.ts';
import { wordsOf } from '../domain/report-outline.ts';
import { OVERDUE_COLUMNS } from './overdue-columns.ts';
import { workbook, type Sheet, type SheetCell } from './workbook.ts';

/** The workbook of a report; public when its stamp says so and the report was made public before. */
export function overdueWorkbook(report: OverdueReport, stamp: ReportStamp): AsyncGenerator<Uint8Array> {
  const outline = overdueOutline(report, stamp);
  return workbook(outline.title, outline.made_at, [
    {
      name: 'Resumen',
      columns: [
        { name: outline.title, width: 40 },
        { name: 'Valor', width: 90 },
      ],
      rows: [
        ...outline.facts,
        ...outline.verdict.map((sentence): SheetCell[] => ['Conclusión', wordsOf(sentence)]),
        ...summary(report),
      ],
    },
    {
      name: 'Vencidas',
      columns: OVERDUE_COLUMNS,
      rows: rowsOf(report),
    },
    {
      name: 'Por área',
      columns: [
        { name: 'Área', width: 60 },
        ...['Exigibles', 'En plazo', 'Fuera de plazo', 'En revisión', 'Vencidas'].map((name) => ({
          name,
          width: 14,
        })),
      ],
      rows: [
        ...report.by_area.map(({ area, institution, totals }): SheetCell[] => [
          `${area} (${institution})`,
          ...Object.values(inOrder(totals)),
        ]),
        ['Todas', ...Object.values(inOrder(report.totals))],
      ],
    },
    changes(report),
    {
      name: 'Notas',
      columns: [{ name: 'Nota', width: 120 }],
      rows: outline.sections.flatMap(({ bullets }) => bullets).map((note) => [note]),
    },
  ]);
}

function* rowsOf(report: OverdueReport): Generator<SheetCell[]> {
  for (const [index, row] of report.overdue.entries()) {
    yield OVERDUE_COLUMNS.map(({ value }) => value(row, index, report));
  }
}

/** The totals in the order of the columns, whatever order they were put together in. */
const inOrder = ({
  due,
  concluded_on_time,
  concluded_late,
  in_review,
  overdue,
}: OverdueReport['totals']) => ({
  due,
  concluded_on_time,
  concluded_late,
  in_review,
  overdue,
});

function summary(report: OverdueReport): SheetCell[][] {
  const { totals, compared } = report;
  const concluded = totals.concluded_on_time + totals.concluded_late;
  return [
    ['Exigibles', totals.due],
    ['Concluidas en plazo', totals.concluded_on_time],
    ['Concluidas fuera de plazo', totals.concluded_late],
    ['En revisión', totals.in_review],
    ['Vencidas', totals.overdue],
    ['Vencidas a cargo del INE', report.overdue.filter(({ obligor }) => obligor === 'INE').length],
    [
      'Vencidas a cargo del IEM con causa y compromiso',
      report.overdue.filter(({ obligor, explained }) => obligor !== 'INE' && explained).length,
    ],
    ['Vencidas, % de las exigibles', percentage(totals.overdue, totals.due)],
    ['Concluidas en plazo, % de las concluidas', percentage(totals.concluded_on_time, concluded)],
    ['Se compara con el corte del', { day: compared.day }],
    ['Vencidas en ese corte', compared.totals.overdue],
    ['Exigibles en ese corte', compared.totals.due],
    ['Próxima sesión', { day: report.session.on }],
    ['Por vencer antes de la próxima sesión', report.coming.length],
  ];
}

/** Everything that happened in the period and what comes, one row each, told apart by its first cell. */
function changes(report: OverdueReport): Sheet {
  const row = (kind: string, deadline: ReportRow, day: string | null, detail: string): SheetCell[] => [
    kind,
    deadline.ref,
    deadline.title,
    `${deadline.area} (${deadline.institution})`,
    deadline.due_on && { day: deadline.due_on },
    day && { day },
    detail,
  ];
  const exception = (kind: string) => (fact: ExceptionRow) =>
    row(kind, fact, fact.recorded_on, `${fact.reason} (${fact.document})`);
  return {
    name: 'Cambios',
    columns: [
      { name: 'Qué', width: 30 },
      { name: 'Clave', width: 12 },
      { name: 'Obligación', width: 60 },
      { name: 'Área responsable', width: 44 },
      { name: 'Fecha límite', width: 13 },
      { name: 'Fecha del hecho', width: 14 },
      { name: 'Detalle', width: 60 },
    ],
    rows: [
      ...report.overdue
        .filter(({ newly }) => newly)
        .map((fact) => row('Nueva vencida', fact, null, `${fact.days_late} días de atraso`)),
      ...report.concluded_late.map((fact) =>
        row('Resuelta fuera de plazo', fact, fact.act_on, `${fact.days_late} días de atraso`),
      ),
      ...report.extended.map(exception('Prorrogada')),
      ...report.waived.map(exception('Exceptuada')),
      ...report.not_met.map(exception('Condición que no se actualizó')),
      ...report.in_review.map((fact) => row('En revisión', fact, fact.reported_on, '')),
      ...report.coming.map((fact) => row('Por vencer', fact, null, `faltan ${fact.days_left} días`)),
    ],
  };
}
