import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { connectionConfig } from '../db/client.ts';
import { momentOf } from '../app/domain/moment.ts';
import { calendarPage } from '../app/server/calendar-page.ts';
import { directionDesk } from '../app/server/direction-desk.ts';
import { listMonth, listOpenDeadlines } from '../db/deadlines.ts';
const base = process.argv[2]!;
const moment = momentOf('2024-05-15T15:00:00Z', true);
for (const name of ['catalogue','past10','past100']) {
  const log: any[] = [];
  const pool = new pg.Pool({ ...connectionConfig(base.replace(/\/\w+$/, '/'+name)), max: 5 });
  const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }), log: (e) => log.push([e.queryDurationMillis, e.query.sql]) }) as any;
  const time = async (label: string, run: () => Promise<unknown>, n = 7) => {
    const ts: number[] = [];
    for (let i = 0; i < n + 2; i++) { const t = performance.now(); await run(); if (i > 1) ts.push(performance.now() - t); }
    console.log(name, label, ts.sort((a,b)=>a-b)[n>>1]!.toFixed(1));
  };
  const n = name === 'past100' ? 3 : 7;
  await time('month fn', () => listMonth(db, moment, {from:'2024-05-01',to:'2024-05-31'}, {}, 3), n);
  await time('open fn', () => listOpenDeadlines(db, moment, {}, '2024-06-14'), n);
  await time('page agenda', () => calendarPage(db, new URLSearchParams(''), moment), n);
  await time('page mes', () => calendarPage(db, new URLSearchParams('vista=mes'), moment), n);
  await time('desk', () => directionDesk(db, moment), n);
  log.length = 0;
  await calendarPage(db, new URLSearchParams('vista=mes'), moment);await directionDesk(db, moment);await calendarPage(db, new URLSearchParams(''), moment);
  for (const [t, s] of log) console.log('   ', t.toFixed(1), s.replace(/\s+/g,' ').slice(0, 110));
  await db.destroy();
}
