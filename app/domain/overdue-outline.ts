// The words of the Commission's report: its sentences, its sections in their order, the rows of its tables.
import { cutAtWords } from './cut.ts';
import {
  DUE_STATUSES,
  percentage,
  type ComplianceTotals,
  type ExceptionRow,
  type OverdueReport,
  type OverdueRow,
  type ReportRow,
  type ReportStamp,
} from './overdue-report.ts';
import { visibleText } from './free-text.ts';
import { formatDayMonth, formatLongDate, formatShortDate, type IsoDate } from './plain-date.ts';
import {
  section,
  type Cell,
  type Column,
  type Outline,
  type OutlineSection,
  type OutlineTable,
  type Piece,
  type RowsOf,
} from './report-outline.ts';

const TITLE = 'Informe de obligaciones vencidas';
export const COMMISSION = 'Comisión de Vinculación y Servicio Profesional Electoral';

/** The report in words. What the IEM owes and what the INE owes are numbered through. */
export function overdueOutline(report: OverdueReport, stamp: ReportStamp): Outline {
  const ours = report.overdue.filter(({ obligor }) => obligor !== 'INE');
  const theirs = report.overdue.filter(({ obligor }) => obligor === 'INE');
  return {
    title: TITLE,
    kicker: report.process === null ? COMMISSION : `${COMMISSION} · ${report.process.name}`,
    facts: stampFacts(report.cut.at, stamp),
    verdict: verdict(report, theirs.length),
    sections: [
      section('vencidas', `Obligaciones vencidas a cargo del IEM (${ours.length})`, {
        paragraphs: ours.length === 0 ? [['Ninguna al corte.']] : [],
        tables: overdueTables(ours, 1, 'De la más antigua a la más reciente'),
      }),
      changes(report),
      concludedLate(report),
      ...inReview(report),
      coming(report),
      section('ine', `A cargo del INE: pendientes de recibir (${theirs.length})`, {
        paragraphs: theirs.length === 0 ? [['Nada pendiente de recibir al corte.']] : [],
        tables: overdueTables(theirs, ours.length + 1, 'De la más antigua a la más reciente'),
      }),
      byArea(report),
      notes(report, stamp),
    ],
    signatures: ['Presidencia de la Comisión', 'Secretaría Técnica de la Comisión'],
    draft: stamp.folio === null,
    footer: copyFooter(
      [
        stamp.public ? `${TITLE}, versión pública` : TITLE,
        stamp.folio ?? 'Borrador',
        `Corte: ${cutAtWords(report.cut.at)}`,
      ],
      stamp.sha256,
      stamp.audit,
    ),
    made_at: stamp.closed_at ?? report.cut.at,
  };
}

/** `Folio`, `Corte`, `Huella SHA-256` and the head of the record. */
function stampFacts(cutAt: string, stamp: ReportStamp): [string, string][] {
  return [
    ['Folio', stamp.folio ?? 'Borrador, sin folio'],
    ['Corte', cutAtWords(cutAt)],
    ...(stamp.closed_at ? ([['Cerrado', cutAtWords(stamp.closed_at)]] as [string, string][]) : []),
    ['Huella SHA-256', stamp.sha256],
    ['Bitácora', `entrada ${stamp.audit.seq}, huella ${stamp.audit.hash}`],
    ...(stamp.public ? ([['Versión', 'Pública, sin datos personales']] as [string, string][]) : []),
  ];
}

/** The lines at the foot of every page: which copy this is, its hash, and the head of the record. */
export function copyFooter(words: string[], sha256: string, audit: { seq: number; hash: string }): string[] {
  return [words.join(' · '), `SHA-256 ${sha256}`, `Bitácora, entrada ${audit.seq}: ${audit.hash}`];
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
const of = (status: RowsOf['status'], count: number, words = ''): Piece =>
  count === 0 ? `${count}${words}` : { text: `${count}${words}`, of: { status, area: null } };

function verdict({ totals, compared, cut, overdue }: OverdueReport, theirs: number): Piece[][] {
  const concluded = totals.concluded_on_time + totals.concluded_late;
  const first: Piece[] =
    totals.overdue === 0
      ? [
          `Sin obligaciones vencidas al corte del ${formatLongDate(cut.day)}. `,
          of('due', totals.due, ' exigibles'),
          `: ${concluded} concluidas, ${totals.in_review} en revisión.`,
        ]
      : [
          {
            text: plural(totals.overdue, 'obligación vencida', 'obligaciones vencidas'),
            strong: true,
            section: theirs === totals.overdue ? 'ine' : 'vencidas',
          },
          ' de ',
          of('due', totals.due, ' exigibles'),
          ` (${percentage(totals.overdue, totals.due).toFixed(1)} %)`,
          theirs > 0 ? `: ${totals.overdue - theirs} a cargo del IEM y ${theirs} a cargo del INE` : '',
          '. ',
        ];
  first.push(
    `El ${formatShortDate(compared.day)} eran ${compared.totals.overdue} de ${compared.totals.due}.`,
  );
  const sum: Piece[] = [
    of('due', totals.due),
    ' exigibles = ',
    of(
      'concluded_on_time',
      totals.concluded_on_time,
      totals.concluded_on_time === 1 ? ' concluida en plazo' : ' concluidas en plazo',
    ),
    ' + ',
    of('concluded_late', totals.concluded_late, ' fuera de plazo'),
    ' + ',
    of('in_review', totals.in_review, ' en revisión'),
    ' + ',
    of('overdue', totals.overdue, totals.overdue === 1 ? ' vencida' : ' vencidas'),
    `. Cumplimiento en plazo: ${totals.concluded_on_time} de ${concluded} concluidas (${percentage(totals.concluded_on_time, concluded).toFixed(1)} %).`,
  ];
  const oldest = overdue.reduce<OverdueRow | undefined>(
    (found, row) => (found === undefined || row.due_on < found.due_on ? row : found),
    undefined,
  );
  return [
    first,
    sum,
    ...(oldest
      ? [
          [
            `La más antigua: ${plural(oldest.days_late, 'día', 'días')} de atraso (venció el ${formatShortDate(oldest.due_on)}) — ${oldest.title}, ${oldest.area}.`,
          ],
        ]
      : []),
  ];
}

const text = (name: string, width: number): Column => ({ name, kind: 'text', width });
const number = (name: string, width: number): Column => ({ name, kind: 'number', width });
const date = (name: string, width: number): Column => ({ name, kind: 'date', width });

/** A deadline with its key, its instrument, its legal basis and what else must be known of it. */
const deadlineCell = (row: ReportRow, notes: string[] = []): Cell => ({
  id: row.id,
  title: row.title,
  detail: [`${row.ref} · ${row.instrument}, numeral ${row.clause} · ${row.legal_basis}`, ...notes].join(
    ' · ',
  ),
});
const areaCell = ({ area, institution }: { area: string; institution: string }) => `${area} (${institution})`;

function table(caption: string, columns: Column[], rows: Cell[][]): OutlineTable[] {
  return rows.length === 0 ? [] : [{ caption, columns, rows }];
}

function overdueTables(rows: OverdueRow[], first: number, caption: string): OutlineTable[] {
  return table(
    caption,
    [
      number('No.', 4),
      text('Obligación y fundamento', 29),
      text('Área', 17),
      date('Venció', 11),
      number('Días de atraso', 8),
      text('Causa y compromiso', 16),
      text('Última gestión', 15),
    ],
    rows.map((row, index) => [
      first + index,
      deadlineCell(row, rowNotes(row)),
      areaCell(row),
      { day: row.due_on },
      row.days_late,
      causeWords(row),
      lastStep(row),
    ]),
  );
}

/** What somebody typed, as far as a cell of a table can hold it; the whole is on the deadline's page. */
function brief(words: string): string {
  const line = visibleText(words).replace(/\s+/g, ' ');
  return line.length <= 240 ? line : `${line.slice(0, 240).trimEnd()}…`;
}

/** Why it is overdue and for when it is promised; of who owes it to us nobody declares anything here. */
function causeWords({ explained, asked_on, obligor }: OverdueRow): string {
  const asked = asked_on ? `se solicitó el ${formatDayMonth(asked_on)}` : '';
  if (explained) return `${brief(explained.cause)} Compromiso: ${formatShortDate(explained.committed_on)}`;
  if (asked !== '') return `Sin declarar; ${asked}`;
  return obligor === 'INE' ? '—' : 'Sin declarar';
}

/** What was done last about an overdue deadline. */
function lastStep({ returned, last_notice }: OverdueRow): string {
  if (returned && returned.on >= (last_notice ?? '')) {
    return `Reporte devuelto el ${formatDayMonth(returned.on)}${returned.words ? `: ${brief(returned.words)}` : ''}`;
  }
  return last_notice ? `Aviso aceptado el ${formatDayMonth(last_notice)}` : '—';
}

/** How many of the overdue ones have a cause, and how many of those promises have passed. */
function commitments(overdue: OverdueRow[], today: IsoDate): string {
  const ours = overdue.filter(({ obligor }) => obligor !== 'INE');
  const promised = ours.flatMap(({ explained }) => explained?.committed_on ?? []);
  const passed = promised.filter((day) => day < today).length;
  return `Vencidas a cargo del IEM: ${ours.length}; con causa y compromiso declarados, ${promised.length}; con el compromiso ya pasado, ${passed}.`;
}

/** What a reader must know of a row besides its date. */
export function rowNotes(row: OverdueRow): string[] {
  return [
    ...(row.newly ? ['nueva'] : []),
    ...(row.to_verify ? ['por cotejar con el anexo firmado'] : []),
    ...(row.provisional.length > 0 ? ['fecha provisional'] : []),
    ...(row.obligor === 'both' ? ['a cargo del INE y del IEM'] : []),
  ];
}

function changes({ overdue, concluded_late, extended, waived, compared }: OverdueReport): OutlineSection {
  const newly = overdue.filter((row) => row.newly);
  const link = (words: string, count: number, place: string): Piece =>
    count === 0 ? `${words} 0` : { text: `${words} ${count}`, section: place };
  return section('cambios', `Qué cambió desde el ${formatShortDate(compared.day)}`, {
    paragraphs: [
      [
        link('Nuevas vencidas', newly.length, 'cambios'),
        ' · ',
        link('Resueltas fuera de plazo', concluded_late.length, 'fuera'),
        ' · ',
        link('Prorrogadas', extended.length, 'cambios'),
        ' · ',
        link('Exceptuadas', waived.length, 'cambios'),
        `. Se compara con ${compared.folio ? `el corte cerrado ${compared.folio}` : 'el estado'} al ${cutAtWords(compared.at)}.`,
      ],
    ],
    tables: [
      ...table(
        `Nuevas vencidas (${newly.length})`,
        [text('Obligación', 50), text('Área', 32), date('Venció', 18)],
        newly.map((row) => [deadlineCell(row), areaCell(row), { day: row.due_on }]),
      ),
      ...exceptionTable(`Prorrogadas (${extended.length})`, extended, true),
      ...exceptionTable(`Exceptuadas (${waived.length})`, waived, false),
    ],
  });
}

function exceptionTable(caption: string, rows: ExceptionRow[], dates: boolean): OutlineTable[] {
  return table(
    caption,
    [
      text('Obligación', 32),
      text('Área', 20),
      ...(dates ? [date('Vencía', 12), date('Vence', 12)] : []),
      text('Motivo y documento', 24),
      date('Registrada', 12),
    ],
    rows.map((row) => [
      deadlineCell(row),
      areaCell(row),
      ...(dates ? [{ day: row.due_before }, { day: row.due_on }] : []),
      `${brief(row.reason)} (${visibleText(row.document)})`,
      { day: row.recorded_on },
    ]),
  );
}

function concludedLate({ concluded_late, compared }: OverdueReport): OutlineSection {
  return section('fuera', `Concluidas fuera de plazo en el periodo (${concluded_late.length})`, {
    paragraphs: concluded_late.length === 0 ? [[`Ninguna desde el ${formatShortDate(compared.day)}.`]] : [],
    tables: table(
      `Con el cumplimiento aceptado desde el ${formatShortDate(compared.day)}`,
      [
        text('Obligación', 40),
        text('Área', 24),
        date('Fecha límite', 13),
        date('Fecha del acto', 13),
        number('Días de atraso', 10),
      ],
      concluded_late.map((row) => [
        deadlineCell(row),
        areaCell(row),
        { day: row.due_on },
        { day: row.act_on },
        row.days_late,
      ]),
    ),
  });
}

/** Left out when there is none: its number is in the conclusion. */
function inReview({ in_review }: OverdueReport): OutlineSection[] {
  if (in_review.length === 0) return [];
  return [
    section('revision', `En revisión (${in_review.length})`, {
      paragraphs: [['Reportadas con la fecha ya pasada; la Dirección aún no decide.']],
      tables: table(
        'De la que espera hace más tiempo a la más reciente',
        [text('Obligación', 42), text('Área', 28), date('Fecha límite', 15), date('Reportada', 15)],
        in_review.map((row) => [
          deadlineCell(row),
          areaCell(row),
          { day: row.due_on },
          { day: row.reported_on },
        ]),
      ),
    }),
  ];
}

function coming({ coming: rows, session }: OverdueReport): OutlineSection {
  const until = formatLongDate(session.on);
  return section('por-vencer', `Por vencer antes de la próxima sesión (${rows.length})`, {
    paragraphs: [
      [
        session.given
          ? `Fechas límite hasta el día de la sesión, ${until}, inclusive.`
          : `Fechas límite hasta el ${until}, inclusive: no se ha dicho el día de la próxima sesión y se toma un mes.`,
      ],
    ],
    tables: table(
      'De la más próxima a la más lejana',
      [text('Obligación', 46), text('Área', 29), date('Vence', 15), number('Días que faltan', 10)],
      rows.map((row) => [deadlineCell(row), areaCell(row), { day: row.due_on }, row.days_left]),
    ),
  });
}

function byArea({ by_area, totals }: OverdueReport): OutlineSection {
  const counts = (sums: ComplianceTotals, area: string | null): Cell[] =>
    (['due', ...DUE_STATUSES] as const).map((status) => ({ count: sums[status], of: { status, area } }));
  return section('areas', 'Por área', {
    paragraphs: by_area.length === 0 ? [['Ningún área tenía vencimientos exigibles al corte.']] : [],
    tables: table(
      'Exigibles de cada área responsable, por estado',
      [
        text('Área', 40),
        number('Exigibles', 12),
        number('En plazo', 12),
        number('Fuera de plazo', 12),
        number('En revisión', 12),
        number('Vencidas', 12),
      ],
      by_area.map(({ key, totals: sums, ...area }) => [areaCell(area), ...counts(sums, key)]),
    ).map((areas) => ({ ...areas, foot: ['Todas', ...counts(totals, null)] })),
  });
}

function notes(
  { overdue, waiting, not_met, compared, cut }: OverdueReport,
  stamp: ReportStamp,
): OutlineSection {
  const waits = waiting.reduce((sum, { count }) => sum + count, 0);
  return section('notas', 'Notas', {
    bullets: [
      'Los días de atraso son naturales, contados desde el día siguiente al vencimiento.',
      'Exigible: todo vencimiento cuyo plazo ya corrió al corte. No se cuentan los exceptuados ni los que esperan un evento. La oportunidad se mide con la fecha del acto, no con la del reporte ni la de la revisión.',
      `De las vencidas, ${overdue.filter(({ to_verify }) => to_verify).length} tienen su plazo por cotejar con el anexo firmado y ${overdue.filter(({ provisional }) => provisional.length > 0).length} tienen fecha provisional.`,
      commitments(overdue, cut.day),
      waits === 0
        ? 'Ningún vencimiento espera un evento sin fecha.'
        : `Eventos sin fecha: ${plural(waits, 'vencimiento espera y no cuenta', 'vencimientos esperan y no cuentan')} plazo — ${waiting.map(({ event, count }) => `${event} (${count})`).join('; ')}.`,
      not_met.length === 0
        ? `Desde el ${formatShortDate(compared.day)} no se declaró ninguna condición que no se actualizara.`
        : `Condiciones que no se actualizaron desde el ${formatShortDate(compared.day)}: ${plural(not_met.length, 'vencimiento', 'vencimientos')}, en la tabla que sigue.`,
      'La huella es la del texto canónico del informe completo (JSON): el mismo corte, comparado con el mismo corte y para la misma sesión, da la misma. La de la bitácora es la de su última entrada al hacer este ejemplar o al cerrar el corte.',
      ...(stamp.public
        ? [
            'Versión pública: se omiten nombres de personas, correos y teléfonos, también de las causas declaradas, y los motivos reservados. Las cifras y los renglones son los del informe completo.',
          ]
        : []),
    ],
    tables: exceptionTable(`Condiciones que no se actualizaron (${not_met.length})`, not_met, false),
  });
}
