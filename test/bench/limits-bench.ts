// Sizes that must stay below a limit whatever a process holds: the script of a page, a crowded month, a feed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { ServerBuild } from '@remix-run/node';
import { sql } from 'kysely';
import { calendarFeed } from '../../app/domain/calendar-feed.ts';
import { connect } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { listFeedItems } from '../../db/feeds.ts';
import type { Databases } from './databases.ts';
import { inTurns } from './measure.ts';
import { openPages, serverBuild } from './pages.ts';
import type { Row } from './report.ts';

const SCRIPT_KILOBYTES = 150;
const MONTH_ELEMENTS = 1_500;
const FEED = { items: 2_000, kilobytes: 1_000 };

export async function benchLimits(databases: Databases): Promise<Row[]> {
  const build = await serverBuild();
  return [
    ...(build ? [heaviestScript(build), await crowdedMonth(databases, build)] : []),
    ...(await fullFeed(databases)),
  ];
}

const CLIENT = fileURLToPath(new URL('../../build/client', import.meta.url));

/** The page with the most JavaScript: its own module, those it is laid out in, and everything they import. */
function heaviestScript({ assets }: ServerBuild): Row {
  const sizes = new Map<string, number>();
  const compressed = (file: string) => {
    const size = sizes.get(file) ?? gzipSync(readFileSync(CLIENT + file)).length;
    sizes.set(file, size);
    return size;
  };
  const scripts = (id: string): string[] => {
    const { module, imports = [], parentId } = assets.routes[id]!;
    return [module, ...imports, ...(parentId === undefined ? [] : scripts(parentId))];
  };
  const always = [assets.url, assets.entry.module, ...assets.entry.imports];
  const pages = Object.keys(assets.routes).map((id) => {
    const files = new Set([...always, ...scripts(id)]);
    return { id, bytes: [...files].reduce((sum, file) => sum + compressed(file), 0) };
  });
  const heaviest = pages.reduce((most, page) => (page.bytes > most.bytes ? page : most));
  return {
    measure: 'script of the heaviest page, compressed, against its limit',
    size: heaviest.id,
    ours: heaviest.bytes / 1000,
    bare: SCRIPT_KILOBYTES,
    unit: 'kB',
  };
}

/** The month of one process in which the most falls due. */
async function crowdedMonth(databases: Databases, build: ServerBuild): Promise<Row> {
  const url = await databases.url('dependants_100');
  const db = connect(url, 10);
  const { rows } = await sql<{ month: string; deadlines: number }>`
    select to_char(due_on, 'YYYY-MM') as month, count(*) as deadlines from deadline_version
    where superseded_at is null and due_on is not null group by month order by deadlines desc limit 1`.execute(
    db,
  );
  const { month, deadlines } = rows[0]!;
  const pages = await openPages(db, url, build);
  const html = (await pages.read(`/calendario?vista=mes&mes=${month}`)).toString();
  await pages.close();
  await db.destroy();
  return {
    measure: 'elements of a crowded month, against their limit',
    size: `${deadlines.toLocaleString('en')} deadlines in ${month}`,
    ours: html.match(/<[a-z]/g)!.length,
    bare: MONTH_ELEMENTS,
    unit: 'elements',
  };
}

/** A feed as it is asked for: read, written out; against the same facts as lines of text. */
async function fullFeed(databases: Databases): Promise<Row[]> {
  const db = connect(await databases.url('open_473'), 1);
  const moment = await now(db);
  const items = (await listFeedItems(db, moment, null)).slice(0, FEED.items);
  await db.destroy();
  const ours = () => calendarFeed({ name: 'Convenio INE–IEM', app_url: 'http://127.0.0.1', items });
  const bare = () => items.map((item) => Object.values(item).join('\r\n')).join('\r\n');
  const [own, other] = await inTurns(
    [ours, bare].map((write) => () => Promise.resolve(write())),
    { rounds: 20, seconds: 5 },
  );
  const size = `${items.length.toLocaleString('en')} items`;
  return [
    { measure: 'feed, against the same words in lines', size, ours: own!, bare: other! },
    {
      measure: 'size of the feed, against its limit',
      size,
      ours: Buffer.byteLength(ours()) / 1000,
      bare: FEED.kilobytes,
      unit: 'kB',
    },
  ];
}
