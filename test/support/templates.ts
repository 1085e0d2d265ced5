// The databases that tests are copied from: an empty one, one with the catalogue, one with the example office.
import { sql } from 'kysely';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import { connect, type Db } from '../../db/client.ts';
import { ensureInstallation } from '../../db/installation.ts';
import { seedCatalogue } from '../../db/seed-catalogue.ts';
import { prepareDemo } from '../../jobs/demo.ts';

export const TEMPLATES = ['empty', 'catalogue', 'demo'] as const;
export type Template = (typeof TEMPLATES)[number];

export const templateName = (template: Template) => `template_${template}`;

/** The same server's address with another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Creates one template database on the server. */
export async function seedTemplate(
  admin: Db,
  serverUrl: string,
  template: Template,
  migrate: (db: Db) => Promise<unknown>,
): Promise<void> {
  await sql`create database ${sql.id(templateName(template))}`.execute(admin);
  const db = connect(databaseUrl(serverUrl, templateName(template)), 2);
  await migrate(db);
  await ensureInstallation(db, template === 'demo' ? 'demo' : 'production');
  if (template === 'catalogue') await seedCatalogue(db, momentOf(instantOf('2023-09-01T09:00')));
  if (template === 'demo') await prepareDemo(db, () => undefined);
  await db.destroy();
}
