// The Dirección at work in its calendar: weeks and years whose numbers are lists, views of one's own, several at once.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listDeadlines } from '../../db/deadlines.ts';
import { verifyAudit } from '../../db/audit.ts';
import { now } from '../../db/clock.ts';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { pagesFrom } from '../support/paging.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let direction: Client;
let commission: Client;
let area: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  commission = await program.logInAs('presidencia.com.vinculacion@iem.example');
  area = await program.logInAs('enlace.deoe@iem.example');
  await program.stopWorker();
});
afterAll(() => program?.close());

const linesOf = (page: string) => page.match(/<li class="line( same-day)?"/g)?.length ?? 0;
const linksOf = (page: string, pattern: RegExp) =>
  [...page.matchAll(pattern)].map(([, path, count]) => ({
    path: path!.replaceAll('&amp;', '&'),
    count: Number(count),
  }));

describe('weeks by areas', () => {
  test('open lists of exactly their numbers, under the filters in force', async () => {
    for (const path of ['/calendario?vista=semanas', '/calendario?vista=semanas&obligado=iem']) {
      const page = await direction.page(path);
      const numbers = [
        ...linksOf(page, /href="(\/calendario\?[^"]*desde=[^"]*)"[^>]*>(\d+)<\/a>/g),
        ...linksOf(page, /href="(\/calendario\?[^"]*prepara=[^"]*)"[^>]*>\+(?:<!-- -->)?(\d+)<\/a>/g),
      ];
      expect(numbers.length).toBeGreaterThan(30);
      for (const { path: list, count } of numbers.filter((_, index) => index % 7 === 0)) {
        expect({ list, lines: linesOf(await direction.page(list)) }).toEqual({ list, lines: count });
      }
    }
  });
});

describe('views of one’s own', () => {
  const save = (nombre: string, consulta: string, client = direction) =>
    client.post('/vistas', { hacer: 'guardar', nombre, consulta });

  test('are kept under a name, renamed and let go, each noted in the record', async () => {
    const saved = await save('Organización', 'estado=vencida&area=iem_deoe&ver=3&otra=cosa');
    expect(saved.status).toBe(303);
    expect(saved.headers.get('location')).toBe('/calendario?area=iem_deoe&estado=vencida');
    expect(await direction.page('/calendario')).toContain('>Organización</a>');
    expect(await commission.page('/calendario')).not.toContain('>Organización</a>');

    const { id } = await program.db.selectFrom('saved_view').select('id').executeTakeFirstOrThrow();
    const foreign = await commission.post('/vistas', { hacer: 'borrar', id: String(id) });
    expect(foreign.status).toBe(404);
    await direction.post('/vistas', { hacer: 'renombrar', id: String(id), nombre: 'DEOE, vencidas' });
    expect(await direction.page('/calendario')).toContain('>DEOE, vencidas</a>');
    await direction.post('/vistas', { hacer: 'borrar', id: String(id) });
    expect(await direction.page('/calendario')).not.toContain('DEOE, vencidas');
    const { rows } = await sql<{ verb: string }>`
      select verb from audit_entry where verb like '%vista' order by seq`.execute(program.db);
    expect(rows.map(({ verb }) => verb)).toEqual([
      'guardó una vista',
      'cambió el nombre de una vista',
      'borró una vista',
    ]);
  });

  test('need a name that is not taken, and what was typed stays', async () => {
    expect((await save('  ', 'vista=mes')).status).toBe(400);
    expect((await save('Mes', 'vista=mes')).status).toBe(303);
    const taken = await save('MES', 'vista=mes&area=iem_deoe');
    expect(taken.status).toBe(409);
    const page = await taken.text();
    expect(page).toContain('Ya tienes una vista con ese nombre');
    expect(page).toContain('value="MES"');
    expect((await save('MES', 'vista=mes', commission)).status).toBe(303);
    expect((await direction.post('/vistas', { hacer: 'borrar', id: '0' })).status).toBe(404);
  });
});

describe('a deadline beside the calendar', () => {
  test('opens under an address that keeps the filters, and closes to it', async () => {
    const page = await direction.page('/calendario?estado=vencida');
    const [, open] = /class="line-title"[^>]*href="(\/calendario\?estado=vencida&amp;ver=\d+)"/.exec(page)!;
    const beside = await direction.page(open!.replaceAll('&amp;', '&'));
    expect(beside).toContain('<aside class="panel side"');
    expect(beside).toMatch(/href="\/vencimientos\/\d+">Abrir el expediente/);
    expect(linesOf(beside)).toBe(linesOf(page));
    expect(beside).toMatch(/href="\/calendario\?estado=vencida"><span aria-hidden="true">✕/);
  });
});

describe('several at once', () => {
  const chosen = async () => {
    const moment = await now(program.db);
    const rows = await listDeadlines(program.db, moment, { area: 'iem_deoe', open: true });
    return rows.slice(0, 3);
  };

  test('are taken away as a file with exactly those rows', async () => {
    const rows = await chosen();
    const answer = await commission.get(
      `/calendario/seleccion.csv?${rows.map(({ id }) => `id=${id}`).join('&')}`,
    );
    expect(answer.headers.get('content-disposition')).toContain('vencimientos-elegidos-2024-05-15.csv');
    const lines = (await answer.text()).split('\r\n').slice(1, -1);
    expect(lines.map((line) => line.split(',')[0])).toEqual(rows.map(({ ref }) => ref));
  });

  test('pass to another area only after being shown, all or nothing, with an entry for each obligation', async () => {
    const rows = await chosen();
    const ids = rows.map(({ id }): [string, string] => ['id', String(id)]);
    const address = new URLSearchParams([...ids, ['area', 'iem_depp']]).toString();
    const before = await factsOf(program.db);
    const shown = await direction.page(`/calendario/reasignar?${address}`);
    for (const { ref } of rows) expect(shown).toContain(ref);
    const [, seen] = /name="visto" value="([0-9a-f]{64})"/.exec(shown)!;
    const apply = (form: Record<string, string>, more: [string, string][] = []) =>
      direction.post('/calendario/reasignar', [...ids, ...more, ...Object.entries(form)]);
    const order = { area: 'iem_depp', motivo: 'Acuerdo de la Dirección', visto: seen! };

    expect((await apply({ ...order, motivo: ' ' })).status).toBe(400);
    expect((await apply({ ...order, area: 'iem_deoe' })).status).toBe(400);
    expect((await apply({ ...order, area: 'ine_jle_mich' })).status).toBe(400);
    expect((await apply({ ...order, visto: 'x' })).status).toBe(409);
    expect((await apply(order, [['id', '999999']])).status).toBe(404);
    expect((await apply(order, [['id', 'uno']])).status).toBe(404);
    expect(await factsOf(program.db)).toEqual(before);

    const done = await apply(order);
    expect(done.headers.get('location')).toBe('/calendario?area=iem_depp&estado=abierta');
    const moment = await now(program.db);
    const theirs = await listDeadlines(program.db, moment, { area: 'iem_depp' });
    expect(theirs.map(({ id }) => id)).toEqual(expect.arrayContaining(rows.map(({ id }) => id)));
    const obligations = [...new Set(rows.map(({ obligation_id }) => obligation_id))];
    const { rows: entries } = await sql<{ subject: string }>`
      select subject from audit_entry where verb = 'reasignó la obligación' order by subject`.execute(
      program.db,
    );
    expect(entries.map(({ subject }) => subject)).toEqual(obligations.map((id) => `obligación ${id}`).sort());
    expect((await verifyAudit(program.db)).broken).toBeNull();
    // Seen once, applied once: the list they saw is no longer how things stand.
    expect((await apply({ ...order, area: 'iem_dea' })).status).toBe(409);
  });

  test('climb another ladder only after being shown what changes, with an entry for each obligation', async () => {
    const rows = await chosen();
    const owed = await listDeadlines(program.db, await now(program.db), { obligor: 'INE', open: true });
    const ids = [...rows, owed[0]!].map(({ id }): [string, string] => ['id', String(id)]);
    const before = await factsOf(program.db);
    const address = (escalera: string) =>
      `/calendario/escalera?${new URLSearchParams([...ids, ['escalera', escalera]]).toString()}`;
    expect((await direction.get(address('ninguna'))).status).toBe(400);
    // Of three, not all are on the same ladder: at least one of the two changes something.
    const [ladder, shown] = (
      await Promise.all(
        ['alta', 'baja'].map(
          async (name) => [name, await (await direction.get(address(name))).text()] as const,
        ),
      )
    ).find(([, page]) => page.includes('Nada ha cambiado todavía'))!;
    for (const { ref } of rows) expect(shown).toContain(ref);
    expect(shown).toContain('Se queda en «A cargo del INE»');
    const [, seen] = /name="visto" value="([0-9a-f]{64})"/.exec(shown)!;
    const apply = (form: Record<string, string>) =>
      direction.post('/calendario/escalera', [...ids, ...Object.entries(form)]);
    const order = { escalera: ladder, motivo: 'Acuerdo de la Dirección', visto: seen! };
    expect((await apply({ ...order, motivo: ' ' })).status).toBe(400);
    expect((await apply({ ...order, escalera: 'ine' })).status).toBe(400);
    expect((await apply({ ...order, visto: 'x' })).status).toBe(409);
    expect(await factsOf(program.db)).toEqual(before);

    const done = await apply(order);
    expect(done.headers.get('location')).toMatch(/^\/calendario\/escalera\?cambiadas=[1-3]$/);
    expect(await direction.page(done.headers.get('location')!)).toContain('Se cambió la escalera de');
    const changed = await program.db
      .selectFrom('obligation')
      .where('priority_from', 'is not', null)
      .select(['id', 'priority', 'priority_from'])
      .execute();
    expect(new Set(changed.map(({ priority, priority_from }) => `${priority} ${priority_from}`))).toEqual(
      new Set([`${ladder === 'alta' ? 'high' : 'low'} 2024-05-15`]),
    );
    const { rows: entries } = await sql<{ subject: string }>`
      select subject from audit_entry where verb = 'cambió la escalera de la obligación'`.execute(program.db);
    expect(entries.map(({ subject }) => subject).sort()).toEqual(
      changed.map(({ id }) => `obligación ${id}`).sort(),
    );
    expect((await apply(order)).status).toBe(400);
  });

  test('say on their page which ladder they climb, since when and with which rungs', async () => {
    const [row] = await chosen();
    const { ref, priority } = await program.db
      .selectFrom('obligation')
      .where('id', '=', row!.obligation_id)
      .select(['ref', 'priority'])
      .executeTakeFirstOrThrow();
    await sql`update obligation set priority_before = 'medium', priority_from = '2024-05-15' where id = ${row!.obligation_id}`.execute(
      program.db,
    );
    const textOf = (page: string) => page.replace(/<[^>]*>/g, '');
    for (const path of [`/vencimientos/${row!.id}`, `/obligaciones/${ref}`]) {
      const page = await direction.page(path);
      expect(textOf(page)).toMatch(
        /Escalera «Prioridad (alta|media|baja)», desde el miércoles 15 de mayo de 2024: avisa 10 días antes, 5 días antes, 1 día antes y el día del vencimiento, a la persona responsable y su suplente; 1 día después, también a/,
      );
      expect(page).toContain(`clase=${priority}"`);
      const theirs = await area.page(path);
      expect(textOf(theirs)).toContain('Escalera «Prioridad');
      expect(theirs).not.toContain('/ajustes/escaleras');
    }
  });

  test('are for the Dirección to reassign; the Commission only takes the file', async () => {
    const [row] = await chosen();
    expect((await commission.get(`/calendario/reasignar?id=${row!.id}`)).status).toBe(403);
    expect((await commission.get(`/calendario/escalera?id=${row!.id}`)).status).toBe(403);
    expect(await commission.page('/calendario?elegir=algunos')).not.toContain('Reasignar los marcados');
  });
});

describe('an agenda of five thousand', () => {
  test('stays a page: of each day the first ones, and a link to a list of exactly the others with them', async () => {
    const { db } = program;
    await sql`with copy as (
        insert into deadline (obligation_id, key)
        select d.obligation_id, d.key || '-' || k from deadline d, generate_series(1, 26) k
        returning id, obligation_id
      ),
      ruled as (
        insert into rule_of_deadline select copy.id, max(rule.id)
        from copy join deadline_rule rule on rule.obligation_id = copy.obligation_id group by copy.id
        returning deadline_id as id, rule_id
      )
      insert into deadline_version (deadline_id, version, rule_id, due_on, lapses_at, steps, provisional, known_from, recorded_at)
      select id, 1, rule_id, due_on, (due_on + 1)::timestamp at time zone 'America/Mexico_City', '[]', '{}',
        '2024-01-01', '2024-01-01'
      from ruled
      cross join lateral (select date '2024-05-05' + (id % 40)::int as due_on) as day`.execute(db);
    for (const path of ['/calendario', '/calendario?elegir=algunos']) {
      const page = await direction.page(path);
      expect(page.match(/<[a-z][^>]*>/gi)!.length).toBeLessThan(1500);
      expect(page).toMatch(/\+ [\d,]+ más vencidas/);
      expect(page.match(/class="line-more"/g)!.length).toBeGreaterThan(25);
    }
    const page = await direction.page('/calendario');
    const [, path, more] = /href="([^"]*desde=2024-05-20[^"]*)"[^>]*>\+ (\d+) más el lunes 20 de mayo/.exec(
      page,
    )!;
    const shown = page.match(/<time[^>]*dateTime="2024-05-20"/g)!.length;
    expect(shown).toBeGreaterThan(0);
    const pages = await pagesFrom(direction, path!.replaceAll('&amp;', '&'));
    expect(pages.length).toBeGreaterThan(1);
    expect(linesOf(pages.join(''))).toBe(shown + Number(more));
    for (const query of ['estado=abierta', 'estado=vencida&elegir=todos&pagina=2']) {
      const list = await direction.page(`/calendario?${query}`);
      expect(list.match(/<[a-z][^>]*>/gi)!.length).toBeLessThan(1500);
    }
  });
});
