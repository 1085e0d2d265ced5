// Owns the mail that tells whoever administers, once a day, of the mails that do not leave.
import { formatDayMonth, type IsoDate } from '../app/domain/plain-date.ts';
import { capitalised, joined } from './deadline-item.ts';
import type { MailContent } from './layout.tsx';
import { letterMail, type Letter } from './letter.tsx';
import { fitSubject, shorten } from './subject.ts';

export interface StuckMailsProps {
  /** Day on which they failed, and on which this mail leaves. */
  day: IsoDate;
  today: IsoDate;
  mails: {
    folio: string;
    /** Its kind in words. */
    kind: string;
    to: string;
    fault: 'composition' | 'address' | 'refusal' | 'doubt' | 'full';
    /** What the server said last, or why it could not be composed. */
    reply: string;
    /** Attempts after which nobody knew whether the server had it. */
    doubts: number;
    /** Day since when its mailbox is full; null when that is not why. */
    full_since: IsoDate | null;
    url: string;
  }[];
  /** A whole sentence: why this person gets it. */
  reason: string;
  /** The ledger, at the mails that failed or, when there are none, at those in doubt or to be tried again. */
  ledger_url: string;
  /** Ajustes › Colas; only for who may. */
  queues_url?: string;
  folio: string;
}

/** A longer list is read on the screen, not in a mail. */
const MOST = 5;
/** Characters of a server's answer that a table bears. */
const LONGEST_REPLY = 200;

/** The mail; it is not repeated that day, whatever else fails. */
export function stuckMailsMail(props: StuckMailsProps): MailContent {
  const { day, today, mails, reason, ledger_url, queues_url, folio } = props;
  const count = (asked: StuckMailsProps['mails'][number]['fault']) =>
    mails.filter(({ fault }) => fault === asked).length;
  const doubts = count('doubt');
  const full = count('full');
  const failed = mails.length - doubts - full;
  const when = day === today ? 'de hoy' : `del ${formatDayMonth(day).replace(/^\S+ /, '')}`;
  const state = joined([
    ...(failed > 0 ? [`${mailCount(failed)} ${when} no ${failed === 1 ? 'salió' : 'salieron'}`] : []),
    ...(doubts > 0 ? [inDoubt(doubts, failed === 0)] : []),
    ...some(full, 'buzón está lleno', 'buzones están llenos'),
  ]);
  const kinds = [
    ...some(count('composition'), 'no se pudo componer', 'no se pudieron componer'),
    ...some(
      count('refusal'),
      'fue rechazado por el servidor de correo',
      'fueron rechazados por el servidor de correo',
    ),
  ];
  const letter: Letter = {
    subject: fitSubject(state, '', ': revisa el libro de avisos', ''),
    heading: capitalised(state),
    said: [
      ...(failed > 0
        ? [
            `${capitalised(joined(kinds))}. ${failed === 1 ? 'No se intenta' : 'No se intentan'} otra vez: si lo que decía${failed === 1 ? '' : 'n'} corre prisa, dilo por otro medio a quien lo espera.`,
          ]
        : []),
      ...(doubts > 0
        ? [
            `${doubts === 1 ? '1 lleva' : `${doubts} llevan`} tres intentos o más sin que el servidor diga si ${doubts === 1 ? 'lo' : 'los'} recibió. Se repite el mismo mensaje hasta que conteste; puede llegar más de una vez.`,
          ]
        : []),
      ...(full > 0
        ? [
            `${full === 1 ? 'Un buzón lleva más de un día lleno y no recibe' : `${full} buzones llevan más de un día llenos y no reciben`} ningún aviso. Se sigue intentando; pide por otro medio a quien lo usa que haga espacio.`,
          ]
        : []),
    ],
    action: { label: 'Abrir el libro de avisos', url: ledger_url },
    ...(queues_url === undefined ? {} : { links: [{ label: 'Ver Ajustes › Colas', url: queues_url }] }),
    lists: [
      {
        title: mails.length > MOST ? `Los primeros ${MOST} de ${mails.length}` : 'Cuáles son',
        columns: ['Correo', 'Qué pasó'],
        rows: mails.slice(0, MOST).map(({ folio: name, kind, to, url, ...what }) => ({
          name,
          values: [`${kind} para ${to}. ${whatHappened(what)}.`],
          link: { label: `Ver ${name}`, url },
        })),
        rest:
          mails.length > MOST
            ? { label: `Y ${mails.length - MOST} más, ver el libro de avisos`, url: ledger_url }
            : undefined,
      },
    ],
    closing: [
      'Este correo sale a lo más una vez al día. Lo que falle después se lee arriba en todas las páginas.',
    ],
    footer: { mark: `Aviso ${folio}`, reason },
  };
  return letterMail(letter);
}

const mailCount = (count: number) => (count === 1 ? '1 correo' : `${count} correos`);

/** `2 correos están en duda`, or `2 están en duda` after others that were called so. */
function inDoubt(count: number, first: boolean): string {
  return `${first ? mailCount(count) : count} ${count === 1 ? 'está' : 'están'} en duda`;
}

function some(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}

function whatHappened(
  mail: Pick<StuckMailsProps['mails'][number], 'fault' | 'reply' | 'doubts' | 'full_since'>,
): string {
  const reply = shorten(mail.reply, LONGEST_REPLY);
  if (mail.fault === 'composition') return capitalised(reply);
  const said = reply === '' ? '' : `: «${reply}»`;
  if (mail.full_since !== null) return `Buzón lleno desde el ${formatDayMonth(mail.full_since)}${said}`;
  return mail.fault === 'doubt' ? `${mail.doubts} intentos sin respuesta${said}` : `Se rechazó${said}`;
}
