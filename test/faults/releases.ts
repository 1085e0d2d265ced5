// Two releases of the program at once on one database: an earlier one is sending while this one brings the schema up to date.
import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type { Db } from '../../db/client.ts';
import type { Ground } from './ground.ts';
import { pause, play, type Row } from './scene.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The release before the ladders in hours: its schema lacks fourteen migrations. */
const EARLIER = 'be540f77';

export async function releases(ground: Ground): Promise<Row[]> {
  const folder = join(ground.folder, 'earlier');
  execFileSync('git', ['clone', '--quiet', '--no-checkout', ROOT, folder]);
  execFileSync('git', ['-C', folder, 'checkout', '--quiet', EARLIER]);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await ground.add('earlier', (db) => prepareEarlier(folder, db));

  const bounds = { fault: 'two releases at once', copies: 0, late_s: 300 };
  const row = await play(ground, { of: 'earlier', patience: () => 1500, bounds }, async (scene) => {
    const { db } = scene;
    const earlier = scene.start({ program: join(folder, 'bin', 'convenio.js') });
    await scene.arrived(5);
    const here = scene.start();
    await here.ready;
    const sentBy = scene.arrivals.length;
    await pause(20_000);
    await earlier.end('SIGTERM');
    // The earlier release holds what it could not end for a quarter of an hour, which is not waited for here.
    await sql`update message set lease_until = clock_timestamp() where state = 'sending'`.execute(db);
    await scene.settled(180);
    const again = scene.start({ program: join(folder, 'bin', 'convenio.js') });
    const refused = await again.ready.then(
      () => false,
      () => true,
    );
    const { rows } = await sql<{ twice: number }>`
      select count(*) as twice from (
        select from notice where state = 'accepted' group by deadline_id, person_id, rung having count(*) > 1
      ) as told`.execute(db);
    return {
      done: `an earlier release (${EARLIER}) sending, this one started beside it after 5 mails`,
      seen: `${sentBy} mails had left when the schema was new; told twice: ${rows[0]!.twice}; the earlier one ${refused ? 'does not start again' : 'STARTED again'}`,
      good: refused && rows[0]!.twice === 0,
    };
  });
  return [row];
}

/** The demo's office as the earlier release makes it. */
async function prepareEarlier(folder: string, db: Db): Promise<void> {
  const load = (file: string): Promise<Record<string, (db: Db, ...more: unknown[]) => Promise<unknown>>> =>
    import(join(folder, file));
  await (
    await load('db/migrate.ts')
  )['migrateToLatest']!(db);
  await (
    await load('db/installation.ts')
  )['ensureInstallation']!(db, 'demo');
  await (
    await load('jobs/demo.ts')
  )['prepareDemo']!(db, () => undefined);
}
