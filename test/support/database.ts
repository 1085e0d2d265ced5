// A real database per test, copied from a template in some tens of milliseconds.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { inject, onTestFinished } from 'vitest';
import { connect, type Db } from '../../db/client.ts';
import { databaseUrl, templateName, type Template } from './templates.ts';

export interface DatabaseCopy {
  db: Db;
  url: string;
  drop: () => Promise<void>;
}

/** A fresh copy of a template; it is dropped when the test ends. */
export async function freshDatabase(template: Template): Promise<{ db: Db; url: string }> {
  const { db, url, drop } = await copyDatabase(template);
  onTestFinished(drop);
  return { db, url };
}

/** A fresh copy of a template, for the caller to drop. */
export async function copyDatabase(template: Template): Promise<DatabaseCopy> {
  const serverUrl = inject('postgresUrl');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const admin = connect(serverUrl, 1);
  // Copying takes the template for itself for a moment; two workers must not ask at once.
  await sql`select pg_advisory_lock(42)`.execute(admin);
  await sql`create database ${sql.id(name)} template ${sql.id(templateName(template))}`.execute(admin);
  await sql`select pg_advisory_unlock(42)`.execute(admin);
  const url = databaseUrl(serverUrl, name);
  const db = connect(url, 10);
  const drop = async () => {
    await db.destroy();
    await sql`drop database ${sql.id(name)} with (force)`.execute(admin);
    await admin.destroy();
  };
  return { db, url, drop };
}
