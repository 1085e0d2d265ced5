// Whether the service does what it promises right now: the pass of the day and the mails that are due.
import { instantPlusMinutes, type Moment } from '../app/domain/moment.ts';
import { formatDayMonth, formatHour, instantOf, localDateTime } from '../app/domain/plain-date.ts';
import { readAttention } from './attention.ts';
import type { Db } from './client.ts';
import { now } from './clock.ts';
import { listSilentAreas } from './coverage.ts';
import { getInstallation } from './installation.ts';
import { failedToday, outboxHealth } from './messages.ts';

/** Minutes the morning's pass or a due mail may be late before the service counts as unwell. */
const PATIENCE_MINUTES = 10;

export interface Health {
  ok: boolean;
  now: string;
  kind: 'demo' | 'production';
  /** The newest pass of the planner, or null when there was none. */
  last_pass_at: string | null;
  /** How long the newest pass took; null when no pass was measured. */
  last_pass_ms: number | null;
  open_messages: number;
  /** Mails that are being retried, or that the server may have taken without saying so. */
  in_trouble: number;
  /** Since when the oldest mail that has not left is owed, and how long that is; null and 0 when nothing waits. */
  oldest_due_at: string | null;
  oldest_due_seconds: number;
  /** Mails of today, log-in codes apart, that no server took or that came back. */
  failed_today: number;
  /** What is wrong, in Spanish and with since when; empty when all is well. */
  problems: string[];
  /** What somebody should look at although the service does its work. */
  warnings: string[];
}

/** Reads the heartbeat at the present. Throws when the database does not answer. */
export async function health(db: Db): Promise<Health> {
  return healthAt(db, await now(db));
}

/** The heartbeat at a moment: six short reads of rows that are few or found by an index. */
export async function healthAt(db: Db, moment: Moment): Promise<Health> {
  const [installation, outbox, failed, silent, { hour }, lastPass] = await Promise.all([
    getInstallation(db),
    outboxHealth(db),
    failedToday(db, moment),
    listSilentAreas(db, moment),
    readAttention(db),
    db
      .selectFrom('pass')
      .where('first_at', 'is not', null)
      .select(['last_at', 'run_on', 'duration_ms', 'uncovered'])
      .orderBy('run_on', 'desc')
      .limit(1)
      .executeTakeFirst(),
  ]);
  const at = Date.parse(moment.at);
  const morning = instantOf(`${moment.today}T${hour}`);
  const lateFrom = Date.parse(instantPlusMinutes(morning, PATIENCE_MINUTES));
  const dueSeconds =
    outbox.owed_since === null ? 0 : Math.max(0, Math.round((at - Date.parse(outbox.owed_since)) / 1000));
  const since = (instant: string) => sinceWords(instant, moment);

  const problems: string[] = [];
  if (at > lateFrom && (lastPass?.run_on ?? '') < moment.today) {
    const last = lastPass ? ` La última fue el ${dayAndHour(lastPass.last_at)}.` : '';
    problems.push(
      `La pasada de avisos de hoy no se ha hecho: debió empezar a las ${formatHour(hour)}.${last}`,
    );
  }
  if (installation.sender_paused_reason !== null) {
    const from = installation.sender_paused_since;
    problems.push(
      `El servidor de correo rechaza el acceso${from === null ? '' : ` ${since(from)}`}; el envío está detenido.`,
    );
  }
  if (installation.sender_held_since !== null) {
    problems.push(
      `El envío está detenido ${since(installation.sender_held_since)}: la base de datos se restauró de una copia. Se reanuda en Ajustes › Colas.`,
    );
  }
  if (outbox.owed_since !== null && dueSeconds > PATIENCE_MINUTES * 60) {
    const mails = outbox.open === 1 ? 'Hay 1 correo sin salir' : `Hay ${outbox.open} correos sin salir`;
    problems.push(`${mails}; el más antiguo espera ${since(outbox.owed_since)}.`);
  }
  const warnings: string[] = [];
  if (failed.since !== null) {
    const mails =
      failed.mails === 1
        ? '1 correo de hoy no se pudo entregar'
        : `${failed.mails} correos de hoy no se pudieron entregar`;
    warnings.push(`${mails}; el primero, ${since(failed.since)}.`);
  }
  if (lastPass && lastPass.uncovered > 0) {
    const areas = lastPass.uncovered === 1 ? 'un área' : `${lastPass.uncovered} áreas`;
    warnings.push(
      `Nadie recibe los avisos de ${areas}, ni hacia arriba; se ve cuáles en Ajustes › Cobertura.`,
    );
  }
  if (silent.length > 0) {
    warnings.push(
      `El correo de todas las personas de un área rebota, y sus avisos suben al área superior: ${silent.join('; ')}.`,
    );
  }
  if (installation.sender_pace !== null) {
    warnings.push(
      `El servidor de correo pidió menos correos; salen ${installation.sender_pace} por minuto, primero los del plazo más próximo.`,
    );
  }
  return {
    ok: problems.length === 0,
    now: moment.at,
    kind: installation.kind,
    last_pass_at: lastPass?.last_at ?? null,
    last_pass_ms: lastPass?.duration_ms ?? null,
    open_messages: outbox.open,
    in_trouble: outbox.retry + outbox.uncertain,
    oldest_due_at: outbox.owed_since,
    oldest_due_seconds: dueSeconds,
    failed_today: failed.mails,
    problems,
    warnings,
  };
}

/** `desde las 8:02 h`, or with its day when it was not today. */
function sinceWords(instant: string, { today }: Moment): string {
  const [day = '', time = ''] = localDateTime(instant).split('T');
  return day === today ? `desde las ${formatHour(time)}` : `desde el ${dayAndHour(instant)}`;
}

/** `mié 15 may, 8:02 h`. */
function dayAndHour(instant: string): string {
  const [day = '', time = ''] = localDateTime(instant).split('T');
  return `${formatDayMonth(day)}, ${formatHour(time)}`;
}
