// An outline on the screen: its sentences with links to their rows, its tables, its bars; it prints on letter paper.
import { Link } from '@remix-run/react';
import { formatShortDate } from '../domain/plain-date.ts';
import type {
  Cell,
  Column,
  Outline,
  OutlineSection,
  OutlineTable,
  Piece,
  RowsOf,
} from '../domain/report-outline.ts';
import { StackedBars } from './stacked-bars.tsx';

/** A table with no more rows than a page can show; `left_out` are in the files. */
export type ShownTable = OutlineTable & { left_out: number };
export type ShownSection = Omit<OutlineSection, 'tables'> & { tables: ShownTable[] };
export type ShownOutline = Omit<Outline, 'sections'> & { sections: ShownSection[] };

/** Rows of one table that a page shows at most. */
export const LONGEST_TABLE = 300;

/** The outline as a page can carry it; called by loaders, so that what is left out never reaches the browser. */
export function shownOutline(outline: Outline): ShownOutline {
  return {
    ...outline,
    sections: outline.sections.map((section) => ({
      ...section,
      tables: section.tables.map((table) => ({
        ...table,
        rows: table.rows.slice(0, LONGEST_TABLE),
        left_out: Math.max(0, table.rows.length - LONGEST_TABLE),
      })),
    })),
  };
}

interface Places {
  /** Where the rows of a number are; without it numbers are plain. */
  rowsPath?: (rows: RowsOf) => string;
  /** By deadline, what happened to it after the cut. */
  later?: Record<number, string>;
}

/** The conclusion of a report. */
export function Verdict({ sentences, rowsPath }: { sentences: Piece[][] } & Places) {
  return (
    <div className="verdict-box">
      {sentences.map((sentence, index) => (
        <p key={index} className={index === 0 ? 'verdict-sentence' : undefined}>
          <Sentence pieces={sentence} rowsPath={rowsPath} />
        </p>
      ))}
    </div>
  );
}

/** The sections of a report in their order. */
export function Sections({ sections, ...places }: { sections: ShownSection[] } & Places) {
  return sections.map((section) => (
    <section key={section.key} aria-labelledby={section.key}>
      <h2 id={section.key}>{section.heading}</h2>
      {section.paragraphs.map((sentence, index) => (
        <p key={index}>
          <Sentence pieces={sentence} rowsPath={places.rowsPath} />
        </p>
      ))}
      {section.bullets.length > 0 && (
        <div className="notes">
          <ul>
            {section.bullets.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </div>
      )}
      {section.chart && <StackedBars chart={section.chart} id={section.key} />}
      {section.tables.map((table) => (
        <TableView key={table.caption} table={table} {...places} />
      ))}
    </section>
  ));
}

function Sentence({ pieces, rowsPath }: { pieces: Piece[]; rowsPath?: Places['rowsPath'] | undefined }) {
  return pieces.map((piece, index) => {
    if (typeof piece === 'string') return piece;
    const words = piece.strong ? <strong>{piece.text}</strong> : piece.text;
    if (piece.section)
      return (
        <a key={index} href={`#${piece.section}`}>
          {words}
        </a>
      );
    return piece.of && rowsPath ? (
      <Link key={index} to={rowsPath(piece.of)}>
        {words}
      </Link>
    ) : (
      <span key={index}>{words}</span>
    );
  });
}

function TableView({ table, ...places }: { table: ShownTable } & Places) {
  const { caption, columns, rows, foot, left_out } = table;
  const sum = columns.reduce((total, { width }) => total + width, 0);
  return (
    <>
      <table className="table stack outline-table">
        <caption>{caption}</caption>
        <colgroup>
          {columns.map(({ name, width }) => (
            <col key={name} width={`${Math.round((width / sum) * 100)}%`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={classOf(column)}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, line) => (
            <tr key={line}>
              <Cells cells={cells} columns={columns} named={foot !== undefined} {...places} />
            </tr>
          ))}
        </tbody>
        {foot && (
          <tfoot>
            <tr>
              <Cells cells={foot} columns={columns} named {...places} />
            </tr>
          </tfoot>
        )}
      </table>
      {left_out > 0 && (
        <p className="quiet">
          Aquí se muestran {rows.length} renglones; los otros {left_out} están en el PDF, el XLSX y el DOCX.
        </p>
      )}
    </>
  );
}

function Cells(props: { cells: Cell[]; columns: Column[]; named: boolean } & Places) {
  const { cells, columns, named, ...places } = props;
  return cells.map((cell, index) =>
    named && index === 0 ? (
      <th key={index} scope="row">
        <CellView cell={cell} {...places} />
      </th>
    ) : (
      <td key={index} data-label={columns[index]!.name} className={classOf(columns[index]!)}>
        <CellView cell={cell} {...places} />
      </td>
    ),
  );
}

const classOf = ({ kind }: Column) => (kind === 'text' ? undefined : kind);

function CellView({ cell, rowsPath, later }: { cell: Cell } & Places) {
  if (typeof cell !== 'object') return cell;
  if ('count' in cell)
    return rowsPath && cell.count > 0 ? <Link to={rowsPath(cell.of)}>{cell.count}</Link> : cell.count;
  if ('day' in cell)
    return cell.day === null ? '—' : <time dateTime={cell.day}>{formatShortDate(cell.day)}</time>;
  const after = later?.[cell.id];
  return (
    <>
      <Link to={`/vencimientos/${cell.id}`}>{cell.title}</Link>
      <span className="quiet">{cell.detail}</span>
      {after && <span className="after-cut">{after}</span>}
    </>
  );
}
