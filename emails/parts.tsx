// Owns the pieces mails are built of: paragraphs, cards, the button, links and tables.
import { Button, Heading, Link, Section, Text } from '@react-email/components';
import { Fragment, type CSSProperties, type ReactNode } from 'react';
import type { Tone } from './deadline-item.ts';
import { LIGHT, SERIF } from './palette.ts';

const body: CSSProperties = {
  color: LIGHT.ink,
  fontSize: 16,
  lineHeight: '24px',
  margin: '0 0 12px',
  overflowWrap: 'anywhere',
};

/** A paragraph with its line breaks; `soft` is for what may be skipped on a first reading. */
export function Paragraph({ soft = false, children }: { soft?: boolean; children: string }) {
  return (
    <Text className={soft ? 'soft' : 'ink'} style={{ ...body, color: soft ? LIGHT.soft : LIGHT.ink }}>
      {children.split('\n').map((line, index) => (
        <Fragment key={index}>
          {index > 0 && <br />}
          {line}
        </Fragment>
      ))}
    </Text>
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
    <Text className={tone} style={{ ...body, color: LIGHT[tone], fontWeight: 700, margin: '0 0 4px' }}>
      {children}
    </Text>
  );
}

export function GroupHeading({ children }: { children: ReactNode }) {
  const style = { color: LIGHT.ink, font: `700 20px/28px ${SERIF}`, margin: '28px 0 12px' };
  return (
    <Heading as="h2" className="ink" style={style}>
      {children}
    </Heading>
  );
}

export function ItemHeading({ children }: { children: ReactNode }) {
  return (
    <Heading as="h3" className="ink" style={{ ...body, fontWeight: 700, margin: '0 0 4px' }}>
      {children}
    </Heading>
  );
}

/** Something set apart by an edge in the colour of its state. */
export function Edged({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <Section style={{ margin: '0 0 20px' }}>
      <div className={`edge-${tone}`} style={{ borderLeft: `4px solid ${LIGHT[tone]}`, paddingLeft: 14 }}>
        {children}
      </div>
    </Section>
  );
}

/** A code to copy: large, and with nothing between its digits, so that it pastes as it is. */
export function ProminentCode({ children }: { children: string }) {
  return (
    <Text
      className="action"
      style={{
        color: LIGHT.action,
        font: '700 36px/48px ui-monospace,Consolas,Menlo,monospace',
        letterSpacing: 6,
        margin: '0 0 12px',
      }}
    >
      {children}
    </Text>
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

/** The one thing to do, with its address in sight for whoever cannot or will not press it. */
export function ActionButton({ href, children }: { href: string; children: string }) {
  const style = {
    backgroundColor: LIGHT.action,
    borderRadius: 6,
    color: LIGHT.onAction,
    fontSize: 16,
    fontWeight: 700,
    padding: '14px 22px',
  };
  return (
    <>
      <Button className="button" href={href} style={style} target="_self">
        {linkWords(children)}
      </Button>
      <Text className="soft" style={{ ...body, color: LIGHT.soft, margin: '8px 0 20px' }}>
        {href}
      </Text>
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
    <div style={{ fontSize: 16, lineHeight: '24px' }}>
      <Link className="action" href={href} style={style} target="_self">
        {linkWords(children)}
      </Link>
    </div>
  );
}

const cell: CSSProperties = {
  ...body,
  borderTop: `1px solid ${LIGHT.line}`,
  margin: 0,
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

/** A table with a heading per column; its first column names the row. */
export function ListTable(props: { name: string; columns: readonly string[]; rows: readonly ReactNode[][] }) {
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
      <tbody>
        {props.rows.map((cells, row) => (
          <tr key={row}>
            {cells.map((content, column) =>
              column === 0 ? (
                <th
                  key={column}
                  scope="row"
                  className="ink line"
                  style={{ ...cell, ...rowLabel, width: '26%' }}
                >
                  {content}
                </th>
              ) : (
                <td key={column} className="ink line" style={cell}>
                  {content}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
