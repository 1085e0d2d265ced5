// Owns the pieces mails are built of: paragraphs, cards, the button, links and tables. Styles stand on each element
// and layout on tables, because mail programs know little else.
import { Fragment, type CSSProperties, type ReactNode } from 'react';
import type { Tone } from './deadline-item.ts';
import { LIGHT, SERIF } from './palette.ts';

/** A table of one cell, which is how mail programs keep a box together; `children` is its `td`. */
export function LayoutTable(props: { className?: string; style?: CSSProperties; children: ReactNode }) {
  const { className, style, children } = props;
  return (
    <table
      align="center"
      width="100%"
      border={0}
      cellPadding={0}
      cellSpacing={0}
      role="presentation"
      className={className}
      style={style}
    >
      <tbody>
        <tr>{children}</tr>
      </tbody>
    </table>
  );
}

/** The letters of a cell, which what stands in it inherits; a table within it must say them again. */
export const LETTERS: CSSProperties = {
  color: LIGHT.ink,
  fontSize: 16,
  lineHeight: '24px',
  overflowWrap: 'anywhere',
};

const PLAIN = { style: { margin: '0 0 12px' } };
const SOFT = { className: 'soft', style: { color: LIGHT.soft, margin: '0 0 12px' } };

/** A paragraph with its line breaks; `soft` is for what may be skipped on a first reading. */
export function Paragraph({ soft = false, children }: { soft?: boolean; children: string }) {
  return (
    <p {...(soft ? SOFT : PLAIN)}>
      {children.split('\n').map((line, index) => (
        <Fragment key={index}>
          {index > 0 && <br />}
          {line}
        </Fragment>
      ))}
    </p>
  );
}

/** Words somebody wrote, set apart and literal. */
export function Quote({ children }: { children: string }) {
  return (
    <blockquote
      className="line"
      style={{ borderLeft: `4px solid ${LIGHT.line}`, margin: '0 0 12px', padding: '0 0 0 14px' }}
    >
      <Paragraph>{children}</Paragraph>
    </blockquote>
  );
}

/** State of a deadline: shape and words, with colour as a third sign only. */
export function StateLine({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <p className={tone} style={{ color: LIGHT[tone], fontWeight: 700, margin: '0 0 4px' }}>
      {children}
    </p>
  );
}

export function GroupHeading({ children }: { children: ReactNode }) {
  return <h2 style={{ font: `700 20px/28px ${SERIF}`, margin: '28px 0 12px' }}>{children}</h2>;
}

export function ItemHeading({ children }: { children: ReactNode }) {
  return <h3 style={{ fontSize: 16, margin: '0 0 4px' }}>{children}</h3>;
}

/** Something set apart by an edge in the colour of its state. */
export function Edged({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <LayoutTable style={{ margin: '0 0 20px' }}>
      <td
        className={`ink edge-${tone}`}
        style={{ ...LETTERS, borderLeft: `4px solid ${LIGHT[tone]}`, paddingLeft: 14 }}
      >
        {children}
      </td>
    </LayoutTable>
  );
}

/** A code to copy: large, and with nothing between its digits, so that it pastes as it is. */
export function ProminentCode({ children }: { children: string }) {
  return (
    <p
      className="action"
      style={{
        color: LIGHT.action,
        font: '700 36px/48px ui-monospace,Consolas,Menlo,monospace',
        letterSpacing: 6,
        margin: '0 0 12px',
      }}
    >
      {children}
    </p>
  );
}

/** Words of a link, with keys such as AT-C-4 kept on one line. */
function linkWords(label: string): ReactNode[] {
  return label.split(/(\S*-\S*)/).map((part, index) =>
    index % 2 === 1 ? (
      <span key={index} style={{ whiteSpace: 'nowrap' }}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}

const buttonCell = {
  backgroundColor: LIGHT.action,
  borderRadius: 6,
  // Outlook for Windows pads cells, not links.
  msoPaddingAlt: '14px 22px',
};

const button: CSSProperties = {
  color: LIGHT.onAction,
  display: 'inline-block',
  fontSize: 16,
  fontWeight: 700,
  lineHeight: '120%',
  padding: '14px 22px',
  textDecoration: 'none',
};

/** The one thing to do, with its address in sight for whoever cannot or will not press it. */
export function ActionButton({ href, children }: { href: string; children: string }) {
  return (
    <>
      <table border={0} cellPadding={0} cellSpacing={0} role="presentation">
        <tbody>
          <tr>
            <td className="button" style={buttonCell}>
              <a className="on-button" href={href} style={button} target="_self">
                {linkWords(children)}
              </a>
            </td>
          </tr>
        </tbody>
      </table>
      <p className="soft" style={{ color: LIGHT.soft, margin: '8px 0 20px' }}>
        {href}
      </p>
    </>
  );
}

/** A link on its own line, 44 px tall or more. */
export function ActionLink({ href, children }: { href: string; children: string }) {
  const style = {
    color: LIGHT.action,
    display: 'inline-block',
    padding: '10px 0',
    textDecoration: 'underline',
  };
  return (
    <div>
      <a className="action" href={href} style={style} target="_self">
        {linkWords(children)}
      </a>
    </div>
  );
}

const cell: CSSProperties = {
  ...LETTERS,
  borderTop: `1px solid ${LIGHT.line}`,
  padding: '8px 0',
  textAlign: 'left',
  verticalAlign: 'top',
};

const rowLabel: CSSProperties = { fontWeight: 400, overflowWrap: 'normal', paddingRight: 12 };

/** Labels and values; `name` tells whoever listens what the table is about. */
export function DataTable({ name, rows }: { name: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <table aria-label={name} width="100%" style={{ borderCollapse: 'collapse', margin: '4px 0 20px' }}>
      <tbody>
        {rows.map(([label, value]) => (
          <tr key={label}>
            <th
              scope="row"
              className="soft line"
              style={{ ...cell, color: LIGHT.soft, ...rowLabel, width: '30%' }}
            >
              {label}
            </th>
            <td className="ink line" style={cell}>
              {value}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A table with a heading per column; `rows` is the markup of its `ListRow`s. */
export function ListTable(props: { name: string; columns: readonly string[]; rows: string }) {
  return (
    <table aria-label={props.name} width="100%" style={{ borderCollapse: 'collapse', margin: '0 0 12px' }}>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <th
              key={column}
              scope="col"
              className="soft"
              style={{ ...cell, borderTop: 0, color: LIGHT.soft }}
            >
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody dangerouslySetInnerHTML={{ __html: props.rows }} />
    </table>
  );
}

/** A row of a `ListTable`, with what names it and what it says; `more` are the cells after the first. */
export function ListRow(props: { name: string; children: ReactNode; more?: readonly string[] }) {
  const { name, children, more = [] } = props;
  return (
    <tr>
      <th scope="row" className="ink line" style={{ ...cell, ...rowLabel, width: '26%' }}>
        {name}
      </th>
      <td className="ink line" style={cell}>
        {children}
      </td>
      {more.map((words) => (
        <td key={words} className="ink line" style={cell}>
          {words}
        </td>
      ))}
    </tr>
  );
}
