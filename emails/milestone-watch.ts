// Owns the mail that asks whether events have happened whose expected day went by without a date.
import { formatDayMonth, formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import type { MailContent } from './layout.tsx';
import { letterMail, type Letter } from './letter.tsx';
import { fitSubject } from './subject.ts';

export interface WatchedEvent {
  name: string;
  expected_on: IsoDate;
  /** Days gone by since. */
  days: number;
  /** Deadlines that count no term until the event has a date. */
  waiting: number;
  /** Who looks after it. */
  area: string;
}

export interface MilestoneWatchProps {
  /** The one that was expected first at the top. */
  events: [WatchedEvent, ...WatchedEvent[]];
  /** Where to register the one there is, or any of several; only for who may. */
  register_url?: string;
  home_url: string;
  folio: string;
}

/** The mail to whoever looks after one event or several. */
export function milestoneWatchMail(props: MilestoneWatchProps): MailContent {
  const { events, register_url, home_url, folio } = props;
  const [event, ...others] = events;
  const said = others.length === 0 ? aboutOne(event) : aboutSeveral(events);
  return letterMail({
    ...said,
    said: [...said.said, whatToDo(others.length > 0, register_url !== undefined)],
    action: register_url
      ? { label: others.length === 0 ? 'Registrar el evento' : 'Abrir los hitos', url: register_url }
      : { label: 'Abrir mis obligaciones', url: home_url },
    footer: {
      mark: `Aviso ${folio}`,
      reason:
        others.length === 0
          ? `Recibes este correo porque ${event.area} vigila este evento. Se repite cada semana hasta que tenga fecha.`
          : 'Recibes este correo porque tu área vigila estos eventos. Se repite cada semana hasta que tengan fecha.',
    },
  });
}

type Said = Pick<Letter, 'subject' | 'heading' | 'said' | 'lists'>;

function aboutOne({ name, expected_on, days, waiting }: WatchedEvent): Said {
  const sentence = `Se esperaba el ${formatLongDate(expected_on)} (${ago(days)}) y sigue sin fecha registrada.`;
  const waits =
    waiting === 1
      ? 'De este evento depende 1 vencimiento, que mientras tanto no cuenta plazo.'
      : `De este evento dependen ${waiting} vencimientos, que mientras tanto no cuentan plazo.`;
  return {
    subject: fitSubject('¿Ya ocurrió? ', name, ` (se esperaba el ${dayMonth(expected_on)})`),
    heading: `¿Ya ocurrió «${name}»?`,
    said: waiting === 0 ? [sentence] : [sentence, waits],
  };
}

function aboutSeveral(events: readonly WatchedEvent[]): Said {
  const waits = events.some(({ waiting }) => waiting > 0);
  return {
    subject: `¿Ya ocurrieron? ${events.length} eventos sin fecha registrada`,
    heading: `¿Ya ocurrieron estos ${events.length} eventos?`,
    said: [
      'El día en que se esperaban ya pasó y siguen sin fecha registrada.',
      ...(waits ? ['Los vencimientos que dependen de ellos no cuentan plazo mientras tanto.'] : []),
    ],
    lists: [
      {
        title: 'Eventos sin fecha',
        columns: ['Evento', 'Se esperaba', 'Esperan'],
        rows: events.map(({ name, expected_on, days, waiting }) => ({
          name,
          values: [`${formatDayMonth(expected_on)} (${ago(days)})`, terms(waiting)] as const,
        })),
      },
    ],
  };
}

function whatToDo(several: boolean, registers: boolean): string {
  if (several) {
    return registers
      ? 'De los que ya ocurrieron, registra la fecha con el documento que la acredita; de los demás, actualiza cuándo se esperan.'
      : 'Responde este correo: de los que ya ocurrieron, con la fecha y el documento que la acredita; de los demás, di cuándo se esperan. La Dirección de Vinculación lo registra.';
  }
  return registers
    ? 'Si ya ocurrió, registra su fecha con el documento que la acredita; si no, actualiza cuándo se espera.'
    : 'Si ya ocurrió, responde este correo con la fecha y el documento que la acredita; si no, di cuándo se espera. La Dirección de Vinculación lo registra.';
}

const terms = (waiting: number) =>
  waiting === 0 ? 'ninguno' : waiting === 1 ? '1 plazo' : `${waiting} plazos`;

const ago = (days: number) => (days === 1 ? 'ayer' : `hace ${days} días`);

/** `12 may`. */
const dayMonth = (day: IsoDate) => formatDayMonth(day).replace(/^\S+ /, '');
