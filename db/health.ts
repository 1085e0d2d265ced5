// Whether the service does what it promises right now: the pass of the day and the mails that are due.
import { instantOf } from '../app/domain/plain-date.ts';
import { readAttention } from './attention.ts';
import type { Db } from './client.ts';
import { now } from './clock.ts';
import { getInstallation } from './installation.ts';
import { outboxHealth } from './messages.ts';

/** Minutes the morning's pass or a due mail may be late before the service counts as unwell. */
const PATIENCE_MINUTES = 10;

export interface Health {
  ok: boolean;
  now: string;
  kind: 'demo' | 'production';
  /** The newest pass of the planner, or null when there was none. */
  last_pass_at: string | null;
  open_messages: number;
  oldest_due_seconds: number;
  /** What is wrong, in Spanish; empty when all is well. */
  problems: string[];
}

/** Reads the heartbeat. Throws when the database does not answer. */
export async function health(db: Db): Promise<Health> {
  const moment = await now(db);
  const [installation, outbox, { hour }, lastPass] = await Promise.all([
    getInstallation(db),
    outboxHealth(db, moment),
    readAttention(db),
    db
      .selectFrom('pass')
      .where('first_at', 'is not', null)
      .select(['last_at', 'run_on'])
      .orderBy('run_on', 'desc')
      .limit(1)
      .executeTakeFirst(),
  ]);
  const lateSince = Date.parse(instantOf(`${moment.today}T${hour}`)) + PATIENCE_MINUTES * 60_000;
  const problems: string[] = [];
  if (Date.parse(moment.at) > lateSince && (lastPass?.run_on ?? '') < moment.today) {
    problems.push('La pasada de avisos de hoy no se ha hecho.');
  }
  if (outbox.oldest_due_seconds > PATIENCE_MINUTES * 60) {
    problems.push(
      `Hay correos vencidos sin enviar desde hace ${Math.round(outbox.oldest_due_seconds / 60)} minutos.`,
    );
  }
  if (installation.sender_paused_reason !== null)
    problems.push('El servidor de correo rechazó el acceso; el envío está detenido.');
  return {
    ok: problems.length === 0,
    now: moment.at,
    kind: installation.kind,
    last_pass_at: lastPass?.last_at ?? null,
    open_messages: outbox.open,
    oldest_due_seconds: Math.max(0, Math.round(outbox.oldest_due_seconds)),
    problems,
  };
}
