// Owns the mail that lets a person in: a code to type and a page with a button.
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { ActionButton, Paragraph, ProminentCode } from './parts.tsx';
import { linkLines, paragraph } from './plain-text.ts';

export interface LoginCodeProps {
  /** Six digits. */
  code: string;
  expires_minutes: number;
  /** A page with a button: opening it does not use up the code, so scanners that follow links cannot. */
  url: string;
  folio: string;
}

const HEADING = 'Tu código de acceso';
const ENTER = 'Entrar a Seguimiento de Convenios';
const SAFETY =
  'Si no pediste entrar, ignora este correo: sin el código nadie puede hacerlo. Nadie del Instituto te lo pedirá por teléfono ni por mensaje.';

/**
 * The log-in mail. The code is not in the subject, because subjects are kept in the logs of mail servers and in
 * our own list of messages; it opens the preheader, so a phone shows it without opening the mail. The folio
 * keeps two requests from being joined in one conversation.
 */
export function loginCodeMail({ code, expires_minutes, url, folio }: LoginCodeProps): MailContent {
  const subject = `${HEADING} a Seguimiento de Convenios (${folio})`;
  const expiry = `Vence en ${expires_minutes} minutos y sirve una sola vez. Escríbelo en la página donde lo pediste.`;
  const link =
    'También puedes abrir este enlace y oprimir el botón de la página; abrirlo no gasta el código.';
  const footer: Footer = { mark: `Correo ${folio}` };

  const html = mailHtml({
    subject,
    preheader: `${code} es tu código; vence en ${expires_minutes} minutos.`,
    heading: HEADING,
    footer,
    children: (
      <>
        <ProminentCode>{code}</ProminentCode>
        <Paragraph>{expiry}</Paragraph>
        <Paragraph>{link}</Paragraph>
        <ActionButton href={url}>{ENTER}</ActionButton>
        <Paragraph soft>{SAFETY}</Paragraph>
      </>
    ),
  });
  const text = mailText(
    footer,
    `${HEADING.toUpperCase()}: ${code}`,
    paragraph(expiry),
    paragraph(link),
    linkLines(ENTER, url),
    paragraph(SAFETY),
  );
  return { subject, html, text };
}
