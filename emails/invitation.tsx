// Owns the mail that carries a calendar invitation: what it does to the reader's calendar, in words.
import type { FeedItem } from '../app/domain/calendar-feed.ts';
import {
  formatDayMonth,
  formatHour,
  formatLongDate,
  formatShortDate,
  type IsoDate,
} from '../app/domain/plain-date.ts';
import { capitalised } from './deadline-item.ts';
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { ActionButton, DataTable, Paragraph } from './parts.tsx';
import { labelTable, linkLines, paragraph } from './plain-text.ts';
import { fitSubject } from './subject.ts';

export interface InvitationProps {
  /** Key people search by: 'AT-C-4'. */
  ref: string;
  item: FeedItem;
  today: IsoDate;
  /** An earlier invitation may have brought it into the calendar. */
  told_before: boolean;
  folio: string;
  /** The page of the deadline. */
  url: string;
  /** Page with a button that stops the invitations. */
  stop_url: string;
}

/** The mail; the invitation itself travels beside it. */
export function invitationMail(props: InvitationProps): MailContent {
  const { ref, item, today, told_before, folio, url, stop_url } = props;
  const { title, citation, area, provisional, reason } = item;
  const hour = item.due_time === null ? '' : `, ${formatHour(item.due_time)}`;
  const shortDay = item.due_on.slice(0, 4) === today.slice(0, 4) ? formatDayMonth : formatShortDate;
  const day = `${shortDay(item.due_on)}${hour}`;
  const longDay = `${formatLongDate(item.due_on)}${hour}`;
  const cancelled = item.state === 'cancelled';
  const falls = provisional ? 'fecha provisional' : item.due_on < today ? 'venció' : 'vence';

  const lead = cancelled
    ? `Se quita de tu calendario: ${day}: `
    : `${told_before ? 'Cambia en tu calendario' : 'Para tu calendario'}: ${falls} ${day}: `;
  const subject = fitSubject(lead, title, ` — ${ref}`);
  const heading = cancelled
    ? `Se quita de tu calendario: ${longDay}`
    : `${told_before ? `Cambió, ahora ${falls}` : capitalised(falls)}: ${longDay}`;
  const said = cancelled
    ? [
        `«${title}» ya no cuenta plazo. Sin efecto: ${reason ?? 'ya no cuenta'}.`,
        'La invitación que viene con este correo quita ese día de tu calendario.',
      ]
    : told_before
      ? [
          `Cambió el vencimiento «${title}».`,
          'La invitación que viene con este correo toma el lugar de la anterior en tu calendario.',
        ]
      : [
          `Este correo trae la invitación de «${title}».`,
          'Acéptala en tu programa de correo y el día queda en tu calendario. No hace falta responder.',
        ];
  if (provisional && !cancelled) said.push('La fecha puede cambiar; si cambia, llega otra invitación.');
  const rows: [string, string][] = [
    ['Fundamento', `${ref} · ${citation}`],
    [cancelled ? 'Estaba el' : provisional ? 'Fecha provisional' : 'Fecha', longDay],
    ['A cargo de', area],
  ];
  const label = `Ver el expediente de ${ref}`;
  const closing =
    'Una invitación no es un aviso: los avisos llegan aparte, como siempre, y el cumplimiento se reporta en la página.';
  const footer: Footer = {
    mark: `Invitación ${folio}`,
    reason: 'Recibes invitaciones porque las elegiste en Mi calendario. Puedes dejar de recibirlas.',
    help_url: stop_url,
  };
  const html = mailHtml({
    subject,
    preheader: said[0]!,
    heading,
    footer,
    children: (
      <>
        {said.map((sentence) => (
          <Paragraph key={sentence}>{sentence}</Paragraph>
        ))}
        <ActionButton href={url}>{label}</ActionButton>
        <DataTable name={`Datos de ${ref}`} rows={rows} />
        <Paragraph>{closing}</Paragraph>
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(heading.toUpperCase()),
    ...said.map(paragraph),
    linkLines(label, url),
    labelTable(rows),
    paragraph(closing),
  );
  return { subject, html, text };
}
