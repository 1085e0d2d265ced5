// A database and a program of different releases: who waits for whom, and who refuses.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connect } from '../../db/client.ts';
import { openDatabase } from '../../db/database.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { freshDatabase } from '../support/database.ts';
import { factsOf } from '../support/facts.ts';

test('a program older than its database says so and changes nothing', async () => {
  const { db, url } = await freshDatabase('demo');
  await sql`insert into kysely_migration (name, timestamp) values ('9999_of_a_later_release', '2030-01-01')`.execute(
    db,
  );
  const before = await factsOf(db);
  await expect(openDatabase({ databaseUrl: url, dataDir: '/nowhere' })).rejects.toThrow(
    'No se pudo abrir la base de datos: la actualizó una versión más reciente del programa (9999_of_a_later_release); actualiza este programa y vuelve a iniciarlo',
  );
  expect(await factsOf(db)).toEqual(before);
});

test('programs that find an empty database at once bring it up to date once', async () => {
  const { db, url } = await freshDatabase('empty');
  await sql`drop schema public cascade`.execute(db);
  await sql`create schema public`.execute(db);
  const others = Array.from({ length: 3 }, () => connect(url, 1));
  const applied = await Promise.all(others.map(migrateToLatest));
  await Promise.all(others.map((other) => other.destroy()));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
});
