// Brings a database's schema up to date; safe to run from several processes at once (the migrator locks).
import { Migrator, sql, type Kysely } from 'kysely';
import * as foundation from './migrations/0001_foundation.ts';
import * as scheduleChanges from './migrations/0002_schedule_changes.ts';
import * as calendarIndexes from './migrations/0003_calendar_indexes.ts';
import * as reopeningAndEvents from './migrations/0004_reopening_and_events.ts';
import * as feeds from './migrations/0009_feeds.ts';
import * as bounces from './migrations/0011_bounces.ts';
import * as processesAndAddenda from './migrations/0012_processes_and_addenda.ts';
import * as attentionAndLadders from './migrations/0013_attention_and_ladders.ts';
import * as reportCuts from './migrations/0014_report_cuts.ts';
import * as evidence from './migrations/0015_evidence.ts';
import * as noticeAnswers from './migrations/0016_notice_answers.ts';
import * as heartbeatAndMails from './migrations/0017_heartbeat_and_mails.ts';
import * as searchAndViews from './migrations/0018_search_and_views.ts';
import * as secondFactor from './migrations/0019_second_factor.ts';
import * as explanations from './migrations/0020_explanations.ts';
import * as noticeUpdates from './migrations/0021_notice_updates.ts';
import * as rulesAtHand from './migrations/0022_rules_at_hand.ts';
import * as paceHoldAndHeaders from './migrations/0023_pace_hold_and_headers.ts';
import * as identityAndSecurityMails from './migrations/0024_identity_and_security_mails.ts';
import * as laddersAndSecrets from './migrations/0025_changed_ladders_and_sealed_secrets.ts';
import * as actsInOrder from './migrations/0026_acts_in_order.ts';
import * as rulesOfDeadlines from './migrations/0027_rules_of_deadlines.ts';
import * as calendarInvitations from './migrations/0028_calendar_invitations.ts';
import * as stuckMails from './migrations/0029_stuck_mails.ts';
import * as mailboxRefusals from './migrations/0030_mailbox_refusals.ts';
import * as handovers from './migrations/0031_handovers.ts';

const MIGRATIONS = {
  '0001_foundation': foundation,
  '0002_schedule_changes': scheduleChanges,
  '0003_calendar_indexes': calendarIndexes,
  '0004_reopening_and_events': reopeningAndEvents,
  '0009_feeds': feeds,
  '0011_bounces': bounces,
  '0012_processes_and_addenda': processesAndAddenda,
  '0013_attention_and_ladders': attentionAndLadders,
  '0014_report_cuts': reportCuts,
  '0015_evidence': evidence,
  '0016_notice_answers': noticeAnswers,
  '0017_heartbeat_and_mails': heartbeatAndMails,
  '0018_search_and_views': searchAndViews,
  '0019_second_factor': secondFactor,
  '0020_explanations': explanations,
  '0021_notice_updates': noticeUpdates,
  '0022_rules_at_hand': rulesAtHand,
  '0023_pace_hold_and_headers': paceHoldAndHeaders,
  '0024_identity_and_security_mails': identityAndSecurityMails,
  '0025_changed_ladders_and_sealed_secrets': laddersAndSecrets,
  '0026_acts_in_order': actsInOrder,
  '0027_rules_of_deadlines': rulesOfDeadlines,
  '0028_calendar_invitations': calendarInvitations,
  '0029_stuck_mails': stuckMails,
  '0030_mailbox_refusals': mailboxRefusals,
  '0031_handovers': handovers,
};

/**
 * Applies the migrations that are missing and returns their names, oldest first; waits for whoever is at it. Throws an
 * Error in Spanish when the database is of a newer release than this one, otherwise the database's error.
 */
export async function migrateToLatest<Schema>(db: Kysely<Schema>): Promise<string[]> {
  return db.connection().execute(async (connection) => {
    // A change of a large table, or waiting for it, takes longer than a page may.
    await sql`set statement_timeout = '15min'`.execute(connection);
    try {
      const provider = { getMigrations: () => Promise.resolve(MIGRATIONS) };
      const { error, results } = await new Migrator({ db: connection, provider }).migrateToLatest();
      if (error) throw (await ofNewerRelease(connection)) ?? error;
      return (results ?? [])
        .filter((result) => result.status === 'Success')
        .map((result) => result.migrationName);
    } finally {
      await sql`reset statement_timeout`.execute(connection).catch(() => undefined);
    }
  });
}

/** The error to tell when the database knows migrations that this release does not. */
async function ofNewerRelease<Schema>(db: Kysely<Schema>): Promise<Error | undefined> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name desc`.execute(
    db,
  );
  const unknown = rows.find(({ name }) => !Object.hasOwn(MIGRATIONS, name));
  return (
    unknown &&
    new Error(
      `la actualizó una versión más reciente del programa (${unknown.name}); actualiza este programa y vuelve a iniciarlo`,
    )
  );
}
