// Owns the mail that says that the second proof of somebody's log-in was added or taken away.
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { Paragraph } from './parts.tsx';
import { paragraph } from './plain-text.ts';

export interface SecondFactorProps {
  added: boolean;
  /** `el 15 de mayo de 2024 a las 9:00 h`. */
  when: string;
  /** Who did it, when it was not the reader. */
  by?: string;
  folio: string;
}

/** The mail to whose account it is, whoever did it. */
export function secondFactorMail({ added, when, by, folio }: SecondFactorProps): MailContent {
  const what = added ? 'Se activó la verificación en dos pasos' : 'Se quitó la verificación en dos pasos';
  const subject = `${what} de tu cuenta`;
  const said = [
    `${what} de tu cuenta ${when}${by === undefined ? '' : `; lo hizo ${by}`}.`,
    added
      ? 'Desde ahora, para entrar se pide además el código de tu aplicación.'
      : 'Desde ahora, para entrar basta el código que llega a este correo.',
    'Si no lo hiciste ni lo pediste, avisa hoy mismo a la administración del sistema o responde este correo.',
  ];
  const footer: Footer = {
    mark: `Aviso ${folio}`,
    reason: 'Recibes este correo porque es tu cuenta; no se puede dejar de recibir.',
  };
  const html = mailHtml({
    subject,
    preheader: said[0]!,
    heading: what,
    footer,
    children: (
      <>
        {said.map((text) => (
          <Paragraph key={text}>{text}</Paragraph>
        ))}
      </>
    ),
  });
  const text = mailText(footer, paragraph(what.toUpperCase()), ...said.map(paragraph));
  return { subject, html, text };
}
