// Proof of what was sent: answering a notice, the ledger, a mail as it is kept, and the record of a deadline.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../app/domain/plain-date.ts';
import { now } from '../../db/clock.ts';
import { listVacantDirections } from '../../db/coverage.ts';
import { countLedger } from '../../db/notice-ledger.ts';
import { openClient, type Client } from '../support/client.ts';
import { nextPage } from '../support/paging.ts';
import { textOf } from '../support/reports.ts';
import { startProgram, type Program } from '../support/web.ts';

const AREA = 'enlace.deoe@iem.example';
const DIRECTION = 'titular.devspe@iem.example';

let program: Program;
let area: Client;
let direction: Client;
let other: Client;
/** Deadlines the liaison has been reminded of, the latest due first. */
let reminded: { deadline_id: number; due_on: string | null; ref: string }[];

beforeAll(async () => {
  program = await startProgram();
  area = await program.logInAs(AREA);
  direction = await program.logInAs(DIRECTION);
  other = await program.logInAs('enlace.coord.informatica@iem.example');
  reminded = await program.db
    .selectFrom('notice')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .innerJoin('deadline', 'deadline.id', 'notice.deadline_id')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .where('person.email', '=', AREA)
    .where('notice.state', '=', 'accepted')
    .where('v.superseded_at', 'is', null)
    .where('v.settled_at', 'is', null)
    .where(sql<boolean>`not exists (select from submission s where s.deadline_id = v.deadline_id)`)
    .select(['notice.deadline_id', 'v.due_on', 'obligation.ref'])
    .orderBy('v.due_on', 'desc')
    .execute();
  await program.stopWorker();
  return () => program.close();
});

const answers = () => program.db.selectFrom('notice_answer').selectAll().orderBy('id').execute();

describe('answering a notice', () => {
  test('starts at the link in the mail, which changes nothing, and is seen on the deadline', async () => {
    const { deadline_id } = reminded[0]!;
    const mail = await program.db
      .selectFrom('notice')
      .innerJoin('message', 'message.id', 'notice.message_id')
      .where('notice.deadline_id', '=', deadline_id)
      .select(['message.text', 'message.html'])
      .executeTakeFirstOrThrow();
    const path = `/vencimientos/${deadline_id}/aviso`;
    for (const part of [mail.text, mail.html]) expect(part).toContain(`http://convenio.example${path}`);
    expect(await area.page(path)).toContain('Enterada/o: lo atiendo');
    await area.send(path, { method: 'HEAD' });
    expect(await answers()).toEqual([]);
    for (let time = 0; time < 2; time += 1) {
      const answer = await area.post(path, { que: 'acuse' });
      expect(answer.headers.get('location')).toBe(`/vencimientos/${deadline_id}#avisos`);
    }
    expect(await answers()).toMatchObject([{ deadline_id, until_on: null }]);
    expect(await direction.page(`/vencimientos/${deadline_id}`)).toContain('enterada/o, lo atiende');
    const audit = await program.db
      .selectFrom('audit_entry')
      .where('verb', '=', 'acusó el aviso')
      .selectAll()
      .execute();
    expect(audit).toMatchObject([{ subject: `vencimiento ${deadline_id}` }]);
  });

  test('with a day that cannot be says so at the field, keeps what was typed and changes nothing', async () => {
    const { deadline_id, due_on } = reminded[0]!;
    const before = await answers();
    for (const [dia, message] of [
      ['', 'Indica el día en que quieres el aviso'],
      ['2024-05-15', 'Elige un día posterior a hoy'],
      [addDays(due_on!, 1), 'El aviso no puede ser después del vencimiento'],
      ['mañana', 'Escribe la fecha como'],
    ] as const) {
      const answer = await area.post(`/vencimientos/${deadline_id}/aviso`, { que: 'posponer', dia });
      expect(answer.status).toBe(400);
      const page = await answer.text();
      expect(page).toContain(message);
      expect(page).toContain(`id="dia-error"`);
      expect(page).toContain(`value="${dia}"`);
    }
    expect((await area.post(`/vencimientos/${deadline_id}/aviso`, { que: 'silenciar' })).status).toBe(400);
    expect(await answers()).toEqual(before);
  });

  test('until a later day is recorded with that day', async () => {
    const { deadline_id, due_on } = reminded.find(({ due_on: due }) => due !== null && due >= '2024-05-20')!;
    const day = '2024-05-17';
    expect(due_on! >= day).toBe(true);
    const answer = await area.post(`/vencimientos/${deadline_id}/aviso`, { que: 'posponer', dia: day });
    expect(answer.status).toBe(303);
    expect((await answers()).at(-1)).toMatchObject({ deadline_id, until_on: day });
    expect(await area.page(`/vencimientos/${deadline_id}`)).toContain(
      'pospuso su aviso hasta el vie 17 may 2024',
    );
  });

  test('of what is overdue is an acknowledgement only', async () => {
    const { deadline_id } = reminded.find(({ due_on }) => due_on !== null && due_on < '2024-05-15')!;
    const path = `/vencimientos/${deadline_id}/aviso`;
    expect(await area.page(path)).not.toContain('Avísame el');
    expect((await area.post(path, { que: 'posponer', dia: '2024-05-17' })).status).toBe(409);
    expect((await area.post(path, { que: 'acuse' })).status).toBe(303);
  });

  test('is for whoever was told: not for another area, and not of what nobody was told of', async () => {
    const { deadline_id } = reminded[0]!;
    expect((await other.get(`/vencimientos/${deadline_id}/aviso`)).status).toBe(404);
    expect((await other.post(`/vencimientos/${deadline_id}/aviso`, { que: 'acuse' })).status).toBe(404);
    const untold = await program.db
      .selectFrom('deadline as d')
      .innerJoin('obligation_area as oa', 'oa.obligation_id', 'd.obligation_id')
      .innerJoin('area', 'area.id', 'oa.area_id')
      .innerJoin('deadline_version as v', 'v.deadline_id', 'd.id')
      .where('area.key', '=', 'iem_deoe')
      .where('oa.role', '=', 'responsible')
      .where('v.superseded_at', 'is', null)
      .where('v.due_on', '>', '2024-06-20')
      .select('d.id')
      .executeTakeFirstOrThrow();
    const answer = await area.post(`/vencimientos/${untold.id}/aviso`, { que: 'acuse' });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('todavía no se te ha enviado ningún aviso');
  });
});

describe('the ledger of notices', () => {
  const rowsOf = (page: string) => [...page.matchAll(/<tr><td data-label="Día"/g)].length;
  const countOf = (page: string) => Number(/<output>(\d+) avisos?<\/output>/.exec(page)?.[1]);

  test('shows as many rows as it counts, whatever the filter, page after page', async () => {
    const counts = await countLedger(program.db, {});
    let path: string | undefined = '/avisos';
    let rows = 0;
    let count = 0;
    for (; path !== undefined; path = nextPage(await direction.page(path))) {
      const page = await direction.page(path);
      rows += rowsOf(page);
      count = countOf(page);
    }
    expect(rows).toBe(count);
    expect(count).toBe([...counts.values()].reduce((sum, one) => sum + one, 0));
    const { ref } = reminded[0]!;
    for (const query of [
      `obligacion=${ref.toLowerCase()}`,
      'clase=escalamiento&estado=aceptado',
      'desde=2024-05-15&hasta=2024-05-15&estado=cancelado',
    ]) {
      const page = await direction.page(`/avisos?${query}`);
      expect(rowsOf(page)).toBe(Math.min(50, countOf(page)));
    }
  });

  test.each([
    ['estado=otro', 'No existe ese estado'],
    ['clase=x', 'Elige recordatorio o escalamiento'],
    ['area=x', 'No existe esa área'],
    ['persona=1e3', 'A esa persona no se le ha avisado de nada'],
    ['obligacion=%00', 'Contiene un carácter no permitido'],
    ['desde=2024-02-30', 'Esa fecha no existe'],
    ['desde=2024-05-16&hasta=2024-05-15', 'El último día es anterior al primero'],
  ])('asked for %s says what is wrong', async (query, message) => {
    const answer = await direction.get(`/avisos?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(message);
  });

  test.each(['-1', '0', '1e9', 'abc', '999999999'])(
    'has no page %s and shows the nearest one',
    async (pagina) => {
      const answer = await direction.get(`/avisos?pagina=${pagina}`);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('No existe la página que pediste');
    },
  );
});

describe('a mail as it is kept', () => {
  test('can be read by the Dirección outside a demo too, where there is no mailbox; log-in codes never', async () => {
    const production = openClient(await program.openWeb({ demo: false }), direction.cookies());
    const mails = await program.db
      .selectFrom('message')
      .where('state', '=', 'accepted')
      .where('kind', 'in', ['digest', 'login_code'])
      .select(['id', 'kind', 'created_at', 'text', 'message_id'])
      .orderBy('kind')
      .execute();
    const digest = mails.find(({ kind }) => kind === 'digest')!;
    const code = mails.find(({ kind }) => kind === 'login_code')!;
    const at = ({ id }: { id: number }) => `/avisos/A-2024-${String(id).padStart(6, '0')}`;
    expect((await production.get(`/correos/${digest.id}`)).status).toBe(404);
    const page = await production.page(at(digest));
    expect(page).toContain(digest.message_id!.slice(1, -1));
    expect(page).toContain('Responder este correo llega a la Dirección de Vinculación');
    const file = await production.get(`${at(digest)}/mensaje`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(page).toContain(createHash('sha256').update(bytes).digest('hex'));
    for (const path of [
      at(code),
      `${at(code)}/mensaje`,
      '/avisos/A-1999-000001',
      '/avisos/1',
      '/avisos/%00',
    ]) {
      expect((await production.get(path)).status).toBe(404);
    }
    expect((await area.get(at(digest))).status).toBe(403);
  });
});

describe('the record of notices of a deadline', () => {
  test('names everybody who was told, each mail’s Message-ID, the reply and the fingerprint of its file', async () => {
    const { deadline_id, ref } = reminded[0]!;
    const answer = await direction.get(`/vencimientos/${deadline_id}/constancia.pdf`);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    const text = await textOf('pdf', new Uint8Array(await answer.arrayBuffer()));
    const solid = text.replaceAll(' ', '');
    const notices = await program.db
      .selectFrom('notice')
      .innerJoin('person', 'person.id', 'notice.person_id')
      .leftJoin('message', 'message.id', 'notice.message_id')
      .where('notice.deadline_id', '=', deadline_id)
      .select(['person.name', 'notice.state', 'message.id', 'message.message_id', 'message.reply'])
      .execute();
    expect(text).toContain(`${notices.length} avisos: `);
    expect(notices.some(({ state }) => state === 'accepted')).toBe(true);
    for (const { name, id, message_id, reply } of notices) {
      expect(text).toContain(name);
      if (id === null) continue;
      const folio = `A-2024-${String(id).padStart(6, '0')}`;
      const file = await direction.get(`/avisos/${folio}/mensaje`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      expect(Buffer.from(bytes).toString()).toContain(`Message-ID: ${message_id}`);
      const fingerprint = createHash('sha256').update(bytes).digest('hex');
      for (const fact of [folio, message_id!, reply!, fingerprint])
        expect(solid).toContain(fact.replaceAll(' ', ''));
    }
    expect(text).toContain(ref);
    expect(text).toContain('enterada/o, lo atiende');
    expect(solid).toContain('Noesunanotificación');
    const own = await area.get(`/vencimientos/${deadline_id}/constancia.pdf`);
    expect(own.status).toBe(200);
  });
});

describe('who is told next', () => {
  test('is on the screen whoever the notice reaches: the Dirección, who stands in for it, or without either the area alone', async () => {
    const { db } = program;
    const { rows } = await sql<{ id: number }>`
      update deadline_version set due_on = '2024-05-13', due_time = null, lapses_at = '2024-05-14T06:00:00Z'
      where superseded_at is null and settled_at is null and deadline_id = (
        select d.id from deadline d
        join deadline_version v on v.deadline_id = d.id and v.superseded_at is null and v.settled_at is null
        join obligation o on o.id = d.obligation_id and o.obligor = 'IEM' and o.priority = 'high'
        join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
        join area on area.id = oa.area_id and area.key = 'iem_deoe'
        where not exists (select from submission s where s.deadline_id = d.id) order by v.due_on desc, d.id limit 1)
      returning deadline_id as id`.execute(db);
    const nextOn = async () =>
      /Si no se reporta antes, [^<]*/.exec(await area.page(`/vencimientos/${rows[0]!.id}`))?.[0];
    const before = 'Si no se reporta antes, el jueves 16 de mayo se avisará a la Dirección de Vinculación.';
    expect(await nextOn()).toBe(before);
    const vacate = (...keys: string[]) =>
      sql`update person set disabled_at = '2024-05-15T14:00:00Z' from appointment, post, area
        where appointment.person_id = person.id and post.id = appointment.post_id and area.id = post.area_id
          and (area.key = any (${keys}) or ${keys.length === 0} and area.key <> 'iem_deoe')`.execute(db);
    await vacate('iem_devspe');
    const [{ covered_by } = { covered_by: null }] = await listVacantDirections(db, await now(db));
    expect(covered_by).not.toBeNull();
    expect(await nextOn()).toBe(before.replace(/a la .*/, `a quien ocupa el cargo «${covered_by}».`));
    await vacate();
    expect(await nextOn()).toBe(before.replace(/a la .*/, 'a la persona titular del área.'));
    await sql`update person set disabled_at = null`.execute(db);
    expect(await nextOn()).toBe(before);
  });
});
