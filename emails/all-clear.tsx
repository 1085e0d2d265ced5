// Owns Monday's mail to a head of area with nothing to do this week: it comes so that silence means something.
import { daysBetween, formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import type { MailContent } from './layout.tsx';
import { letterMail } from './letter.tsx';
import { OPEN_ALL } from './deadline-item.ts';
import { areaPrefix } from './subject.ts';

export interface AllClearProps {
  person: { name: string };
  areas: string[];
  today: IsoDate;
  /** The Sunday up to which nothing falls due. */
  until: IsoDate;
  /** What falls due next, if anything has a date. */
  next: { ref: string; title: string; due_on: IsoDate; provisional: boolean } | null;
  /** Deadlines that wait for an event. */
  waiting: number;
  folio: string;
  seal: string;
  home_url: string;
  help_url: string;
}

/** The mail; nothing in it asks for anything. */
export function allClearMail(props: AllClearProps): MailContent {
  const { person, areas, today, until, next, waiting } = props;
  const whose = areas.length === 1 ? areas[0]! : areas.join('; ');
  const days = next === null ? 0 : daysBetween(today, next.due_on);
  return letterMail({
    subject: `${areaPrefix(areas)}: sin pendientes esta semana`,
    heading: 'Sin pendientes esta semana',
    said: [
      `Para ${person.name}. ${whose}: no hay nada vencido ni por corregir, y nada vence de hoy al ${formatLongDate(until)}.`,
      next === null
        ? 'Por ahora no hay ninguna fecha por venir.'
        : `Lo siguiente: ${next.title} (${next.ref}), ${next.provisional ? 'con fecha provisional del' : 'el'} ${formatLongDate(next.due_on)}, en ${days} días.`,
      ...(waiting === 0
        ? []
        : [
            waiting === 1
              ? '1 obligación espera un evento y todavía no cuenta plazo.'
              : `${waiting} obligaciones esperan un evento y todavía no cuentan plazo.`,
          ]),
    ],
    action: { label: OPEN_ALL, url: props.home_url },
    closing: [
      'Este correo llega al abrir la semana cuando no hay pendientes. Si una semana no llega ni éste ni otro aviso, dilo a la Dirección de Vinculación: algo falla.',
    ],
    footer: {
      mark: `Aviso ${props.folio}`,
      seal: props.seal,
      reason: 'Recibes este correo como persona titular del área.',
      help_url: props.help_url,
    },
  });
}
