// A disk without room for the ledger: its tables lie on a small one of their own, which is filled and emptied again.
import { spawnSync } from 'node:child_process';
import { chown, mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Ground } from './ground.ts';
import { pause, play, type Row } from './scene.ts';
import { IN_DOUBT } from './workers.ts';

const SIZE_MB = 96;
const FULL_S = 20;

const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** Nothing where a disk cannot be mounted, which takes root. */
export async function fullDisk(ground: Ground): Promise<Row[]> {
  const disk = join(ground.folder, 'disk');
  await mkdir(disk);
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', disk)) return [];
  try {
    return [await fill(ground, disk)];
  } finally {
    // The server still has its files open.
    run('umount', '--lazy', disk);
  }
}

async function fill(ground: Ground, disk: string): Promise<Row> {
  const tables = join(disk, 'tables');
  const ballast = join(disk, 'ballast');
  await mkdir(tables);
  const { uid, gid } = await stat(join(ground.folder, 'postgres'));
  await chown(tables, uid, gid);
  const bounds = { fault: 'the disk of the ledger full', copies: 2 * IN_DOUBT, late_s: FULL_S + 180 };
  return play(ground, { of: 'many', patience: () => 20 + Math.random() * 180, bounds }, async (scene) => {
    const { db } = scene;
    await sql`create tablespace small location ${sql.lit(tables)}`.execute(db);
    for (const table of ['notice', 'message', 'pass']) {
      await sql`alter table ${sql.table(table)} set tablespace small`.execute(db);
    }
    const before = await ground.countInLog('No space left on device');
    scene.start();
    scene.start();
    await scene.arrived(300);
    const { bavail, bsize } = await statfs(disk);
    await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => undefined);
    await pause(FULL_S * 1000);
    const arrived = scene.arrivals.length;
    const refused = (await ground.countInLog('No space left on device')) - before;
    await rm(ballast);
    await scene.settled(240);
    return {
      done: `${FULL_S} s without room after 300 mails, two workers`,
      seen: `statements refused: ${refused}; mails by then: ${arrived}`,
      good: refused > 0 && arrived < 2000,
    };
  });
}
