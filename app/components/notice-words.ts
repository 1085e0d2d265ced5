// What the screens say of the ledger of notices; worded on the server.
import { withoutYear } from '../domain/agenda.ts';
import type { Attention } from '../domain/attention.ts';
import { reachedAddressee, type Above } from '../domain/contacts.ts';
import { nextRung, parseRungKey, rungWords, type Ladder } from '../domain/ladder.ts';
import { mailFolio } from '../domain/mail-folio.ts';
import { STANDING_WORDS } from '../domain/notice-standing.ts';
import { formatHour, formatShortDate, localDateTime } from '../domain/plain-date.ts';
import type { listAnswers } from '../../db/notice-answers.ts';
import type { LedgerRow } from '../../db/notice-ledger.ts';
import { instantWords } from './moment-words.ts';

export interface NoticeView {
  id: number;
  day: string;
  rung: string;
  to: string;
  capacity: string;
  standing: string;
  detail: string;
  /** It never went out: another took its place, or there was no reason left to send it. */
  dropped: boolean;
  deadline: { to: string; ref: string; title: string; due: string };
  /** Folio of the mail that carries it; null while there is none. */
  mail: string | null;
}

/** A notice in words: who was told, on which rung, and what became of it. */
export function viewNotice(notice: LedgerRow): NoticeView {
  const { standing, due_on, due_time, mail_id, mail_created_at } = notice;
  const rung = parseRungKey(notice.rung);
  const hour = due_time === null ? '' : `, ${formatHour(due_time)}`;
  return {
    id: notice.id,
    day: formatShortDate(notice.planned_on),
    rung: capitalised(rung ? rungWords(rung) : notice.rung),
    to: notice.person_name,
    capacity: notice.capacity === notice.person_name ? '' : notice.capacity,
    standing: STANDING_WORDS[standing].word,
    detail: detailWords(notice),
    dropped: standing === 'superseded' || standing === 'cancelled',
    deadline: {
      to: `/vencimientos/${notice.deadline_id}`,
      ref: notice.ref,
      title: notice.title,
      due: due_on === null ? 'sin fecha' : formatShortDate(due_on) + hour,
    },
    mail:
      mail_id === null || mail_created_at === null
        ? null
        : mailFolio({ id: mail_id, created_at: mail_created_at }),
  };
}

/** The server's reply, or why not, and when. */
function detailWords({
  standing,
  closed_at,
  reply,
  reason,
  next_attempt_at,
  possible_duplicate,
}: LedgerRow): string {
  const again = standing === 'retry' || standing === 'uncertain';
  return [
    standing === 'accepted' || again ? reply : reason,
    again && next_attempt_at && `siguiente intento: ${instantWords(next_attempt_at)}`,
    closed_at &&
      (standing === 'bounced' ? `lo había aceptado: ${instantWords(closed_at)}` : instantWords(closed_at)),
    possible_duplicate && 'posible duplicado',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `Enlace de Sistemas: enterada/o, lo atiende (mié 15 may 2024, 9:04 h)`, or until when it was postponed. */
export function answerWords(answer: Awaited<ReturnType<typeof listAnswers>>[number]): {
  id: number;
  words: string;
} {
  const { id, name, until_on, recorded_at } = answer;
  const said =
    until_on === null ? 'enterada/o, lo atiende' : `pospuso su aviso hasta el ${formatShortDate(until_on)}`;
  return { id, words: `${name}: ${said} (${instantWords(recorded_at)}).` };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What happens next if nobody reports, as the mails say it; null past the end of the ladder, and where nobody is told. */
export function nextNoticeWords(
  ladder: Ladder,
  deadline: { due_on: string; due_time: string | null; lapses_at: string | null },
  moment: { at: string; today: string },
  attention: Attention,
  above: Above = { kind: 'nobody' },
): string | null {
  const lapses_at = deadline.due_time === null ? null : deadline.lapses_at;
  const next = nextRung(ladder, { due_on: deadline.due_on, lapses_at }, moment, attention);
  const told = next && reachedAddressee(next.rung, above);
  if (!next || told === undefined) return null;
  const hour = next.at === undefined ? '' : `, a las ${formatHour(localDateTime(next.at).slice(11))},`;
  return `Si no se reporta antes, el ${withoutYear(next.on)}${hour} se avisará a ${told}.`;
}
