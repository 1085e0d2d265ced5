// Owns the mail with which the Dirección asks an area why something is overdue and for when it is promised.
import { formatDayMonth, formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import type { MailContent } from './layout.tsx';
import { letterMail } from './letter.tsx';
import { fitSubject } from './subject.ts';

export interface ExplanationRequestProps {
  title: string;
  ref: string;
  citation: string;
  area: string;
  due_on: IsoDate;
  /** Natural days since. */
  days_late: number;
  /** What the Dirección adds; may be empty. */
  words: string;
  url: string;
  folio: string;
}

/** The mail to the area that answers for something overdue. */
export function explanationRequestMail(props: ExplanationRequestProps): MailContent {
  const { title, ref, citation, area, due_on, days_late, words, url, folio } = props;
  const subject = fitSubject(
    'Causa y compromiso: ',
    title,
    ` (venció el ${formatDayMonth(due_on).replace(/^\S+ /, '')})`,
  );
  const heading = 'La Dirección pide causa y compromiso';
  const ago = days_late === 1 ? 'ayer' : `hace ${days_late} días`;
  const said = [
    `«${title}» (${ref}, ${citation}) venció el ${formatLongDate(due_on)}, ${ago}, y sigue sin cumplimiento aceptado.`,
    ...(words === '' ? [] : [`La Dirección de Vinculación dice: «${words}»`]),
    'Di por qué no se ha cumplido y para qué día te comprometes. Ambas cosas aparecen en el informe de la Comisión. Si ya se cumplió, repórtalo con la fecha del acto.',
  ];
  return letterMail({
    subject,
    heading,
    said,
    action: { label: 'Declarar causa y compromiso', url },
    footer: { mark: `Aviso ${folio}`, reason: `Recibes este correo porque respondes por ${area}.` },
  });
}
