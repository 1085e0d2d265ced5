// Brings a database's schema up to date; safe to run from several processes at once (the migrator locks).
import { Migrator, type Kysely } from 'kysely';
import * as foundation from './migrations/0001_foundation.ts';
import * as scheduleChanges from './migrations/0002_schedule_changes.ts';
import * as feeds from './migrations/0009_feeds.ts';
import * as bounces from './migrations/0011_bounces.ts';

const MIGRATIONS = {
  '0001_foundation': foundation,
  '0002_schedule_changes': scheduleChanges,
  '0009_feeds': feeds,
  '0011_bounces': bounces,
};

/** Applies the migrations that are missing and returns their names, oldest first. Throws the database's error. */
export async function migrateToLatest<Schema>(db: Kysely<Schema>): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('The migration failed', { cause: error });
  return (results ?? [])
    .filter((result) => result.status === 'Success')
    .map((result) => result.migrationName);
}
