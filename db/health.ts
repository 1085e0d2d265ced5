// Whether the service does what it promises right now: somebody looks for what is due, and the mails leave.
import { instantPlusMinutes, type Moment } from '../app/domain/moment.ts';
import { formatDayMonth, formatHour, instantOf, localDateTime } from '../app/domain/plain-date.ts';
import { readAttention } from './attention.ts';
import type { Db } from './client.ts';
import { now } from './clock.ts';
import { listSilentAreas } from './coverage.ts';
import { getInstallation } from './installation.ts';
import { failedToday, outboxHealth } from './messages.ts';
import { PASS_MINUTES } from './pass.ts';

/** Minutes a pass or a due mail may be late before the service counts as unwell; passes come every five. */
const PATIENCE_MINUTES = 10;

export interface Health {
  ok: boolean;
  now: string;
  kind: 'demo' | 'production';
  /** When the planner last looked, at night too; null when it never did. */
  last_pass_at: string | null;
  /** How long the newest morning's pass took; null when no pass was measured. */
  last_pass_ms: number | null;
  open_messages: number;
  /** Mails that are being retried, or that the server may have taken without saying so. */
  in_trouble: number;
  /**
   * Since when the oldest mail that has not left is owed, and how long that is; null and 0 when nothing waits. When
   * nobody has looked for over ten minutes, nobody knows what waits: then since the last look, if that is older.
   */
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
  const [installation, outbox, failed, silentAreas, { hour }, { looked_at, published_at }, lastMorning] =
    await Promise.all([
      getInstallation(db),
      outboxHealth(db),
      failedToday(db, moment),
      listSilentAreas(db, moment),
      readAttention(db),
      lastLook(db, moment),
      db
        .selectFrom('pass')
        .where('first_at', 'is not', null)
        .where('run_on', '<=', moment.today)
        .select(['run_on', 'duration_ms', 'uncovered'])
        .orderBy('run_on', 'desc')
        .limit(1)
        .executeTakeFirst(),
    ]);
  const at = Date.parse(moment.at);
  const morning = instantOf(`${moment.today}T${hour}`);
  const late = (instant: string) => at > Date.parse(instantPlusMinutes(instant, PATIENCE_MINUTES));
  // A new installation has as long for its first pass. The hours a demo's clock was moved over never were.
  const lastLooked = looked_at ?? published_at ?? morning;
  const silentFrom = installation.kind === 'demo' ? laterOf(lastLooked, morning, moment) : lastLooked;
  const silent = late(silentFrom);
  const oldestDue = silent ? earlierOf(silentFrom, outbox.owed_since) : outbox.owed_since;
  const since = (instant: string) => sinceWords(instant, moment);

  const problems: string[] = [];
  if (silent && late(morning) && (lastMorning?.run_on ?? '') < moment.today) {
    const last = looked_at === null ? '' : ` La última fue el ${dayAndHour(looked_at)}.`;
    problems.push(
      `La pasada de avisos de hoy no se ha hecho: debió empezar a las ${formatHour(hour)}.${last}`,
    );
  } else if (silent) {
    problems.push(
      `No hay pasada de avisos ${since(silentFrom)}; debe haber una cada ${PASS_MINUTES} minutos.`,
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
  if (outbox.owed_since !== null && late(outbox.owed_since)) {
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
  if (outbox.doubtful > 0) {
    const unknown =
      outbox.doubtful === 1
        ? 'No se sabe si llegó 1 correo que lleva'
        : `No se sabe si llegaron ${outbox.doubtful} correos que llevan`;
    warnings.push(`${unknown} tres intentos o más sin respuesta del servidor; se sigue intentando.`);
  }
  if (lastMorning && lastMorning.uncovered > 0) {
    const areas = lastMorning.uncovered === 1 ? 'un área' : `${lastMorning.uncovered} áreas`;
    warnings.push(
      `Nadie recibe los avisos de ${areas}, ni hacia arriba; se ve cuáles en Ajustes › Cobertura.`,
    );
  }
  if (silentAreas.length > 0) {
    warnings.push(
      `El correo de todas las personas de un área rebota, y sus avisos suben al área superior: ${silentAreas.join('; ')}.`,
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
    last_pass_at: looked_at,
    last_pass_ms: lastMorning?.duration_ms ?? null,
    open_messages: outbox.open,
    in_trouble: outbox.retry + outbox.uncertain,
    oldest_due_at: oldestDue,
    oldest_due_seconds: oldestDue === null ? 0 : Math.max(0, Math.round((at - Date.parse(oldestDue)) / 1000)),
    failed_today: failed.mails,
    problems,
    warnings,
  };
}

/**
 * When the planner last looked, by any pass up to the moment, and since when there is something to look for. A pass by
 * hand for a later day (`convenio tick --at`) is no look of today's.
 */
async function lastLook(db: Db, { at }: Moment) {
  return db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('pass')
        .where('last_at', '<=', at)
        .select((of) => of.fn.max('last_at').as('at'))
        .as('looked_at'),
      eb
        .selectFrom('process')
        .select((of) => of.fn.min('published_at').as('at'))
        .as('published_at'),
    ])
    .executeTakeFirstOrThrow();
}

/** The later of the two among what has come by the moment. */
const laterOf = (one: string, other: string, { at }: Moment) =>
  Date.parse(other) > Date.parse(one) && Date.parse(other) <= Date.parse(at) ? other : one;

const earlierOf = (one: string, other: string | null) =>
  other !== null && Date.parse(other) < Date.parse(one) ? other : one;

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
