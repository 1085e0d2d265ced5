// What the screens say of the ledger of notices; worded on the server.
import { withoutYear } from '../domain/agenda.ts';
import { DEFAULT_LADDER, nextRung, rungAddressee } from '../domain/ladder.ts';
import { formatShortDate, type IsoDate } from '../domain/plain-date.ts';
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
    rung: rungWords(Number(notice.rung)),
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

/** `10 días antes`, `el día`, `3 días después`. */
function rungWords(offset: number): string {
  if (offset === 0) return 'El día del vencimiento';
  const days = Math.abs(offset) === 1 ? '1 día' : `${Math.abs(offset)} días`;
  return offset < 0 ? `${days} antes` : `${days} después`;
}

/** What happens next if nobody reports; null past the end of the ladder. */
export function nextNoticeWords(due_on: IsoDate, today: IsoDate): string | null {
  const next = nextRung(DEFAULT_LADDER, due_on, today);
  if (!next) return null;
  return `Si no se reporta antes, el ${withoutYear(next.on)} se avisará a ${rungAddressee(next.rung)}.`;
}
