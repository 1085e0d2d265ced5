// Owns the frame every mail shares: the document, its header and its closing lines, in HTML and in text.
import type { CSSProperties, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { markup } from './markup.ts';
import { LIGHT, SANS, SERIF, STYLE } from './palette.ts';
import { ActionLink, LayoutTable, LETTERS, Paragraph } from './parts.tsx';
import { paragraph, textDocument } from './plain-text.ts';
import { remembered } from '../app/domain/remembered.ts';

/** One mail, ready to compose. `html` and `text` state the same facts. */
export interface MailContent {
  subject: string;
  html: string;
  text: string;
  /** An invitation that travels with it, as iCalendar text with CRLF. */
  calendar?: string;
}

const padded: CSSProperties = { padding: '0 32px' };

const REPLY = 'Responder este correo llega a la Dirección de Vinculación; no registra cumplimiento.';
const PRIVACY = 'No medimos si abriste este correo.';
const INSTITUTION =
  'Instituto Electoral de Michoacán, Comisión de Vinculación y Servicio Profesional Electoral';
const HELP = 'Ver por qué recibo este correo y cómo cambiarlo';

/** What closes a mail. `mark` names it so that people can quote it: 'Aviso A-2024-004512'. */
export interface Footer {
  mark?: string;
  /** A whole sentence: why this person gets it. */
  reason?: string;
  help_url?: string;
  /** A whole line: where the audit record stood. */
  seal?: string;
}

/** The text part: its blocks and the same closing lines the HTML has. */
export function mailText(footer: Footer, ...blocks: (string | false | undefined)[]): string {
  return textDocument(
    ...blocks,
    footer.reason && paragraph(footer.reason),
    footer.help_url && `${HELP}:\n${footer.help_url}`,
    footer.seal,
    paragraph(REPLY),
    paragraph(closingLine(footer.mark)),
  );
}

/** Keeps mailboxes from showing the heading beside the preheader: spaces they take for words, in plain ASCII. */
const NOTHING_MORE = '&nbsp;&zwnj;'.repeat(100);

const hidden: CSSProperties = {
  display: 'none',
  overflow: 'hidden',
  lineHeight: '1px',
  opacity: 0,
  maxHeight: 0,
  maxWidth: 0,
};

/** Stands in the frame where a mail puts something of its own. */
const SLOT = '\u0001';

/** The frame is the same for every mail, so it is drawn once and cut at its slots. */
const [
  TO_SUBJECT = '',
  TO_PREHEADER = '',
  TO_HEADING = '',
  TO_CONTENT = '',
  TO_REASON = '',
  TO_MARK = '',
  END = '',
] = markup(
  <html lang="es-MX" dir="ltr">
    <head>
      <meta httpEquiv="Content-Type" content="text/html; charset=UTF-8" />
      <meta name="x-apple-disable-message-reformatting" />
      <title>{SLOT}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <style dangerouslySetInnerHTML={{ __html: STYLE }} />
    </head>
    <body className="desk" style={{ backgroundColor: LIGHT.desk, margin: 0, padding: 0 }}>
      <LayoutTable>
        <td style={{ backgroundColor: LIGHT.desk, fontFamily: SANS, padding: '24px 0' }}>
          <div style={hidden}>
            {SLOT}
            <div dangerouslySetInnerHTML={{ __html: NOTHING_MORE }} />
          </div>
          <LayoutTable
            className="paper"
            style={{ backgroundColor: LIGHT.paper, borderTop: `6px solid ${LIGHT.action}`, maxWidth: 600 }}
          >
            <td className="ink" style={LETTERS}>
              <div role="main" className="pad" style={padded}>
                <p
                  className="action"
                  style={{ color: LIGHT.action, font: `700 16px/24px ${SERIF}`, margin: '20px 0 24px' }}
                >
                  Seguimiento de Convenios · INE–IEM
                </p>
                <h1 style={{ font: `700 26px/34px ${SERIF}`, margin: '0 0 16px' }}>{SLOT}</h1>
                {SLOT}
              </div>
              <div role="contentinfo" className="pad" style={{ ...padded, paddingBottom: 24 }}>
                <div
                  className="line"
                  style={{ borderTop: `1px solid ${LIGHT.line}`, margin: '20px 0 16px' }}
                />
                {SLOT}
                <Paragraph soft>{REPLY}</Paragraph>
                <Paragraph soft>{SLOT}</Paragraph>
              </div>
            </td>
          </LayoutTable>
        </td>
      </LayoutTable>
    </body>
  </html>,
).split(SLOT);

const reasonHtml = remembered(({ reason, help_url, seal }: Omit<Footer, 'mark'>) =>
  markup(
    <>
      {reason && <Paragraph soft>{reason}</Paragraph>}
      {help_url && <ActionLink href={help_url}>{HELP}</ActionLink>}
      {seal && <Paragraph soft>{seal}</Paragraph>}
    </>,
  ),
);

/**
 * A whole HTML document. `preheader` is the line a mailbox shows beside the subject: the action and the date.
 * No images, no scripts, nothing fetched.
 */
export function mailHtml(props: {
  subject: string;
  preheader: string;
  heading: string;
  footer: Footer;
  children: ReactNode;
}): string {
  const { mark, ...why } = props.footer;
  return [
    `<!DOCTYPE html>${TO_SUBJECT}`,
    escaped(props.subject),
    TO_PREHEADER,
    escaped(props.preheader),
    TO_HEADING,
    escaped(props.heading),
    TO_CONTENT,
    renderToStaticMarkup(<>{props.children}</>),
    TO_REASON,
    reasonHtml(why),
    TO_MARK,
    escaped(closingLine(mark)),
    END,
  ].join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
};

/** Words in a slot of the frame, as React would write them. */
function escaped(words: string): string {
  return words.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function closingLine(mark: string | undefined): string {
  return [mark, INSTITUTION, PRIVACY].filter(Boolean).join(' · ');
}
