// The columns of the overdue rows as data: the same in the CSV file and in the workbook.
import type { OverdueReport, OverdueRow } from '../domain/overdue-report.ts';
import type { SheetCell } from './workbook.ts';

const OBLIGOR_WORDS = { INE: 'INE', IEM: 'IEM', both: 'INE e IEM' } as const;

interface DataColumn {
  name: string;
  /** In characters. */
  width: number;
  value: (row: OverdueRow, index: number, report: OverdueReport) => SheetCell;
}

const column = (name: string, width: number, value: DataColumn['value']): DataColumn => ({
  name,
  width,
  value,
});

export const OVERDUE_COLUMNS: DataColumn[] = [
  column('No.', 6, (_row, index) => index + 1),
  column('Clave', 12, ({ ref }) => ref),
  column('Obligación', 60, ({ title }) => title),
  column('Instrumento', 28, ({ instrument }) => instrument),
  column('Numeral', 10, ({ clause }) => clause),
  column('Fundamento', 30, ({ legal_basis }) => legal_basis),
  column('A cargo de', 12, ({ obligor }) => OBLIGOR_WORDS[obligor]),
  column('Área responsable', 44, ({ area, institution }) => `${area} (${institution})`),
  column('Se entrega a', 44, ({ counterpart }) => counterpart),
  column('Venció', 12, ({ due_on }) => ({ day: due_on })),
  column('Hora', 8, ({ due_time }) => due_time),
  column('Días naturales de atraso', 12, ({ days_late }) => days_late),
  column('Último aviso aceptado', 14, ({ last_notice }) => last_notice && { day: last_notice }),
  column('Reporte devuelto', 14, ({ returned }) => returned && { day: returned.on }),
  column('Motivo de la devolución', 40, ({ returned }) => returned && returned.words),
  column('Causa declarada', 40, ({ explained }) => explained?.cause ?? null),
  column('Compromiso', 12, ({ explained }) => (explained ? { day: explained.committed_on } : null)),
  column('Causa declarada el', 12, ({ explained }) => (explained ? { day: explained.on } : null)),
  column('Informe solicitado el', 12, ({ asked_on }) => (asked_on ? { day: asked_on } : null)),
  column('Nueva desde el corte anterior', 12, ({ newly }) => (newly ? 'sí' : 'no')),
  column('Fecha provisional', 12, ({ provisional }) => (provisional.length > 0 ? 'sí' : 'no')),
  column('Por cotejar con el anexo firmado', 14, ({ to_verify }) => (to_verify ? 'sí' : 'no')),
  column('Corte', 12, (_row, _index, { cut }) => ({ day: cut.day })),
];
