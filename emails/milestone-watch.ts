// Owns the mail that asks whether an event has happened whose expected day went by without a date.
import { formatDayMonth, formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import type { MailContent } from './layout.tsx';
import { letterMail } from './letter.tsx';
import { fitSubject } from './subject.ts';

export interface MilestoneWatchProps {
  name: string;
  expected_on: IsoDate;
  /** Days gone by since. */
  days: number;
  /** Deadlines that count no term until the event has a date. */
  waiting: number;
  area: string;
  /** Where to register it; only for who may. */
  register_url?: string;
  home_url: string;
  folio: string;
}

/** The mail to the area that looks after an event. */
export function milestoneWatchMail(props: MilestoneWatchProps): MailContent {
  const { name, expected_on, days, waiting, area, folio } = props;
  const expected = formatDayMonth(expected_on).replace(/^\S+ /, '');
  const subject = fitSubject('¿Ya ocurrió? ', name, ` (se esperaba el ${expected})`);
  const heading = `¿Ya ocurrió «${name}»?`;
  const ago = days === 1 ? 'ayer' : `hace ${days} días`;
  const said = [
    `Se esperaba el ${formatLongDate(expected_on)} (${ago}) y sigue sin fecha registrada.`,
    waiting === 0
      ? ''
      : waiting === 1
        ? 'De este evento depende 1 vencimiento, que mientras tanto no cuenta plazo.'
        : `De este evento dependen ${waiting} vencimientos, que mientras tanto no cuentan plazo.`,
    props.register_url
      ? 'Si ya ocurrió, registra su fecha con el documento que la acredita; si no, actualiza cuándo se espera.'
      : 'Si ya ocurrió, responde este correo con la fecha y el documento que la acredita; si no, di cuándo se espera. La Dirección de Vinculación lo registra.',
  ].filter((text) => text !== '');
  return letterMail({
    subject,
    heading,
    said,
    action: props.register_url
      ? { label: 'Registrar el evento', url: props.register_url }
      : { label: 'Abrir mis obligaciones', url: props.home_url },
    footer: {
      mark: `Aviso ${folio}`,
      reason: `Recibes este correo porque ${area} vigila este evento. Se repite cada semana hasta que tenga fecha.`,
    },
  });
}
