// What waits for the Dirección: reports, events, doubtful dates, and whether this morning's notices went out.
import type { Desk } from '../components/desk-panel.tsx';
import { sinceDay } from '../components/deadline-view.ts';
import type { Moment } from '../domain/moment.ts';
import { formatHour, formatShortDate, localDate, localDateTime } from '../domain/plain-date.ts';
import { nextAttendedDay, type Attention } from '../domain/attention.ts';
import { loadAttention } from '../../db/attention.ts';
import type { Db } from '../../db/client.ts';
import { countOpenRequests } from '../../db/area-requests.ts';
import { listBouncing } from '../../db/bounces.ts';
import { countDoubts } from '../../db/deadline-counts.ts';
import { health } from '../../db/health.ts';
import { findMorning } from '../../db/notices.ts';
import { listPendingReviews } from '../../db/reviews.ts';
import { ofProcess } from './process-choice.ts';

/** Counts what depends on the Dirección at the moment. */
export async function directionDesk(db: Db, moment: Moment, process?: string): Promise<Desk> {
  if (!moment.live) {
    const doubts = await countDoubts(db, moment, ofProcess(process));
    return { ...doubts, reviews: null, requests: null, uncovered: null, bouncing: null, heartbeat: null };
  }
  const [doubts, pending, requests, morning, bouncing, { ok, problems }, attention] = await Promise.all([
    countDoubts(db, moment, ofProcess(process)),
    listPendingReviews(db, moment),
    countOpenRequests(db),
    findMorning(db, moment.today),
    listBouncing(db),
    health(db),
    loadAttention(db),
  ]);
  const oldest = pending[0] && sinceDay(localDate(pending[0].recorded_at), moment.today);
  return {
    ...doubts,
    requests,
    reviews: { count: pending.length, oldest: oldest ?? null },
    uncovered: morning?.uncovered ?? 0,
    bouncing: bouncing.length,
    heartbeat: { ok, words: ok ? morningWords(morning, moment, attention) : problems.join(' ') },
  };
}

function morningWords(
  morning: Awaited<ReturnType<typeof findMorning>>,
  { today }: Moment,
  attention: Attention,
): string {
  const hour = formatHour(attention.hour);
  if (!morning?.first_at) return `El envío de hoy sale a las ${hour}`;
  const sent =
    morning.mails === 0
      ? 'ningún correo por enviar'
      : `${morning.accepted} de ${morning.mails} correos aceptados`;
  const failed = morning.failed > 0 ? ` · ${morning.failed} sin entregar` : '';
  const ran = formatHour(localDateTime(morning.first_at).slice(11));
  return `Envío de hoy: ${sent}, ${ran}${failed} · próximo: ${formatShortDate(nextAttendedDay(attention, today))}, ${hour}`;
}
