// What the screens say of the ledger of notices; worded on the server.
import { withoutYear } from '../domain/agenda.ts';
import type { Attention } from '../domain/attention.ts';
import { nextRung, parseRungKey, rungAddressee, rungWords, type Ladder } from '../domain/ladder.ts';
import { formatHour, formatShortDate, localDateTime } from '../domain/plain-date.ts';
import type { listNoticesOfDeadline } from '../../db/notices.ts';
import type { NoticeState } from '../../db/schema.ts';
import { instantWords } from './moment-words.ts';

type Notice = Awaited<ReturnType<typeof listNoticesOfDeadline>>[number];

export interface NoticeView {
  id: number;
  day: string;
  rung: string;
  to: string;
  capacity: string;
  state: string;
  detail: string;
  /** It never went out: another took its place, or there was no reason left to send it. */
  dropped: boolean;
}

const STATE_WORDS: Record<NoticeState, string> = {
  planned: 'Por salir',
  accepted: 'Aceptado por el servidor',
  failed: 'No se pudo entregar',
  superseded: 'Sustituido',
  cancelled: 'Cancelado',
  bounced: 'Rebotado',
};

/** A notice in words: who was told, on which rung, and what the mail server answered. */
export function viewNotice(notice: Notice): NoticeView {
  const { closed_at, reply, reason, possible_duplicate } = notice;
  return {
    id: notice.id,
    day: formatShortDate(notice.planned_on),
    rung: capitalised(rungWords(parseRungKey(notice.rung) ?? { amount: 0, unit: 'days' })),
    to: notice.person_name,
    capacity: notice.capacity === notice.person_name ? '' : notice.capacity,
    state: STATE_WORDS[notice.state],
    detail: [
      notice.state === 'accepted' ? reply : reason,
      notice.state === 'accepted' && closed_at && instantWords(closed_at),
      possible_duplicate && 'posible duplicado',
    ]
      .filter(Boolean)
      .join(' · '),
    dropped: notice.state === 'superseded' || notice.state === 'cancelled',
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What happens next if nobody reports; null past the end of the ladder. */
export function nextNoticeWords(
  ladder: Ladder,
  deadline: { due_on: string; due_time: string | null; lapses_at: string | null },
  moment: { at: string; today: string },
  attention: Attention,
): string | null {
  const lapses_at = deadline.due_time === null ? null : deadline.lapses_at;
  const next = nextRung(ladder, { due_on: deadline.due_on, lapses_at }, moment, attention);
  if (!next) return null;
  const hour = next.at === undefined ? '' : `, a las ${formatHour(localDateTime(next.at).slice(11))},`;
  return `Si no se reporta antes, el ${withoutYear(next.on)}${hour} se avisará a ${rungAddressee(next.rung)}.`;
}
