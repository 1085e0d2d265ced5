// Owns the frame every mail shares: the document, its header and its closing lines, in HTML and in text.
import { Body, Container, Head, Heading, Html, Preview, Text } from '@react-email/components';
import type { CSSProperties, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { LIGHT, SANS, SERIF, STYLE } from './palette.ts';
import { ActionLink, Paragraph } from './parts.tsx';
import { paragraph, textDocument } from './plain-text.ts';

/** One mail, ready to compose. `html` and `text` state the same facts. */
export interface MailContent {
  subject: string;
  html: string;
  text: string;
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
}

/** The text part: its blocks and the same closing lines the HTML has. */
export function mailText(footer: Footer, ...blocks: (string | false | undefined)[]): string {
  return textDocument(
    ...blocks,
    footer.reason && paragraph(footer.reason),
    footer.help_url && `${HELP}:\n${footer.help_url}`,
    paragraph(REPLY),
    paragraph([footer.mark, INSTITUTION, PRIVACY].filter(Boolean).join(' · ')),
  );
}

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
  const { mark, reason, help_url } = props.footer;
  return `<!DOCTYPE html>${renderToStaticMarkup(
    <Html lang="es-MX">
      <Head>
        <title>{props.subject}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </Head>
      <Body
        className="desk"
        style={{ backgroundColor: LIGHT.desk, fontFamily: SANS, margin: 0, padding: '24px 0' }}
      >
        <Preview>{props.preheader}</Preview>
        <Container
          className="paper"
          style={{ backgroundColor: LIGHT.paper, borderTop: `6px solid ${LIGHT.action}`, maxWidth: 600 }}
        >
          <div role="main" className="pad" style={padded}>
            <Text
              className="action"
              style={{ color: LIGHT.action, font: `700 16px/24px ${SERIF}`, margin: '20px 0 24px' }}
            >
              Seguimiento de Convenios · INE–IEM
            </Text>
            <Heading
              as="h1"
              className="ink"
              style={{ color: LIGHT.ink, font: `700 26px/34px ${SERIF}`, margin: '0 0 16px' }}
            >
              {props.heading}
            </Heading>
            {props.children}
          </div>
          <div role="contentinfo" className="pad" style={{ ...padded, paddingBottom: 24 }}>
            <div className="line" style={{ borderTop: `1px solid ${LIGHT.line}`, margin: '20px 0 16px' }} />
            {reason && <Paragraph soft>{reason}</Paragraph>}
            {help_url && <ActionLink href={help_url}>{HELP}</ActionLink>}
            <Paragraph soft>{REPLY}</Paragraph>
            <Paragraph soft>{[mark, INSTITUTION, PRIVACY].filter(Boolean).join(' · ')}</Paragraph>
          </div>
        </Container>
      </Body>
    </Html>,
  )}`;
}
