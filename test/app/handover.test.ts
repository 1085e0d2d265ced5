// The handover of a post over HTTP: its page and its PDF say the same, and only whom it concerns may read them.
import { extractText } from 'unpdf';
import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../app/domain/plain-date.ts';
import { now } from '../../db/clock.ts';
import { auditHead } from '../../db/audit.ts';
import { listDeadlines } from '../../db/deadlines.ts';
import { appointPerson, endAppointment } from '../../db/staff.ts';
import { openSession } from '../../db/sessions.ts';
import { openClient, type Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

const DIRECTION = 'titular.devspe@iem.example';
const LIAISON = 'enlace.deoe@iem.example';

let program: Program;
let direction: Client;

beforeAll(async () => {
  program = await startProgram();
  await program.stopWorker();
  direction = await visitOf(DIRECTION);
  return () => program.close();
});

/** Somebody with a session open. */
async function visitOf(email: string): Promise<Client> {
  return openClient(program.url, { convenio: await openSession(program.db, await idOf(email)) });
}

async function idOf(email: string): Promise<number> {
  const person = program.db.selectFrom('person').where('email', '=', email).select('id');
  return (await person.executeTakeFirstOrThrow()).id;
}

/** The newest appointment of somebody, with the address of its handover. */
async function postOf(email: string) {
  const post = await program.db
    .selectFrom('appointment')
    .innerJoin('person', 'person.id', 'appointment.person_id')
    .innerJoin('post', 'post.id', 'appointment.post_id')
    .innerJoin('area', 'area.id', 'post.area_id')
    .where('person.email', '=', email)
    .orderBy('appointment.id', 'desc')
    .select(['appointment.id', 'person_id', 'person.name', 'post.title', 'area.key', 'area.name as area'])
    .executeTakeFirstOrThrow();
  return { ...post, path: `/personas/${post.person_id}/entrega/${post.id}` };
}

/** The words of the PDF of a handover, on one line. */
async function wordsOfPdf(client: Client, path: string): Promise<string> {
  const answer = await client.get(`${path}.pdf`);
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  const { text } = await extractText(new Uint8Array(await answer.arrayBuffer()), { mergePages: true });
  return text.replace(/\s+/g, ' ');
}

/** The liaison of an area, not of LIAISON's, that answers for something open or for nothing. */
async function liaisonWith(matters: 'open' | 'none'): Promise<string> {
  const { db } = program;
  const open = await listDeadlines(db, await now(db), { open: true });
  const busy = new Set(open.map(({ area_id }) => area_id));
  const liaisons = await db
    .selectFrom('appointment')
    .innerJoin('person', 'person.id', 'appointment.person_id')
    .innerJoin('post', 'post.id', 'appointment.post_id')
    .where('post.kind', '=', 'liaison')
    .where('person.email', '<>', LIAISON)
    .select(['person.email', 'post.area_id'])
    .orderBy('appointment.id')
    .execute();
  return liaisons.find(({ area_id }) => busy.has(area_id) === (matters === 'open'))!.email;
}

const sectionsOf = (page: string) =>
  [...page.matchAll(/<h2 id="([\w-]+)" class="section-title">(.*?)<\/section>/gs)].map(([, key, inside]) => ({
    key: key!,
    count: Number(/class="count">(\d+)</.exec(inside!)![1]),
    ids: [...inside!.matchAll(/\/vencimientos\/(\d+)"/g)].map(([, id]) => Number(id)),
    folios: [...inside!.matchAll(/\/acuses\/(R-[\d-]+)"/g)].map(([, folio]) => folio!),
  }));

describe('the PDF of a handover', () => {
  test('has the rows of its page, in their order, with the same numbers and folios', async () => {
    const { db } = program;
    const post = await postOf(LIAISON);
    const page = await direction.page(post.path);
    expect(page).toContain(`href="${post.path}.pdf"`);
    const pdf = await wordsOfPdf(direction, post.path);
    const known = new Map((await listDeadlines(db, await now(db))).map((row) => [row.id, row]));
    const parts = sectionsOf(page);
    expect(parts.map(({ key }) => key)).toEqual(['vencidas', 'por-vencer', 'en-revision', 'en-espera']);
    const titles: Record<string, string> = {
      vencidas: 'Vencidas',
      'por-vencer': 'Por vencer',
      'en-revision': 'En revisión',
      'en-espera': 'En espera de un evento',
    };
    let rest = pdf;
    for (const { key, count, ids, folios } of parts) {
      expect(ids).toHaveLength(count);
      const heading = `${titles[key]!} (${count})`;
      expect(rest).toContain(heading);
      rest = rest.slice(rest.indexOf(heading) + heading.length);
      const end = Math.min(
        ...Object.values(titles).flatMap((title) => {
          const at = rest.search(new RegExp(`${title} \\(\\d+\\)`));
          return at < 0 ? [rest.length] : [at];
        }),
      );
      const rows = [...rest.slice(0, end).matchAll(/([A-Z]{2,}-[\w.-]+) · /g)].map(([, ref]) => ref);
      expect(rows).toEqual(ids.map((id) => known.get(id)!.ref));
      const reports = [...rest.slice(0, end).matchAll(/R-\d{4,}(-\d+)?/g)].map(([folio]) => folio);
      expect(reports).toEqual(folios);
      expect(folios).toHaveLength(key === 'en-revision' ? count : 0);
    }
    const open = parts.reduce((sum, { count }) => sum + count, 0);
    expect(page).toContain(`<dd>${open}</dd>`);
    expect(pdf).toContain(`Asuntos abiertos: ${open} (`);
  });

  test('says whose post it is, the head of the record, and who signs', async () => {
    const post = await postOf(LIAISON);
    const pdf = await wordsOfPdf(direction, post.path);
    for (const words of [`Ocupa el cargo: ${post.name}`, `Cargo: ${post.title}`, `Área: ${post.area}`])
      expect(pdf).toContain(words);
    expect(pdf).toContain(`Huella de la bitácora al emitirse: ${await auditHead(program.db)}`);
    expect(pdf).toContain('Entrega Recibe');
  });

  test('says that there is nothing to hand over when the area has nothing open, as the page does', async () => {
    const { path } = await postOf(await liaisonWith('none'));
    const nothing = 'El área no tiene asuntos abiertos que entregar.';
    expect(await direction.page(path)).toContain(nothing);
    const pdf = await wordsOfPdf(direction, path);
    expect(pdf).toContain(nothing);
    expect(pdf).toContain('Entrega Recibe');
    expect(pdf).not.toContain('Obligación y fundamento');
  });
});

/** Every page that a handover leads to, with how it answers this reader. */
async function leadsTo(client: Client, path: string): Promise<Record<string, number>> {
  const page = await client.page(path);
  const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'));
  const links = new Set([...main.matchAll(/href="(\/[^"#]*)"/g)].map(([, link]) => link!));
  const answers: Record<string, number> = {};
  for (const link of links) {
    const answer = await client.get(link);
    await answer.arrayBuffer();
    answers[link] = answer.status;
  }
  return answers;
}

const dead = (answers: Record<string, number>) =>
  Object.entries(answers).filter(([, status]) => status !== 200);

describe('a handover is read', () => {
  test('by the person of the appointment, who finds it in their account and no dead link on it', async () => {
    const email = program.somebody();
    const own = await visitOf(email);
    const { path } = await postOf(email);
    expect(await own.page('/mi-cuenta')).toContain(`href="${path}"`);
    const answers = await leadsTo(own, path);
    expect(answers).toMatchObject({ '/mis-obligaciones': 200, [`${path}.pdf`]: 200 });
    expect(Object.keys(answers)).not.toContain(path.replace(/\/entrega.*/, ''));
    expect(dead(answers)).toEqual([]);
  });

  test('by nobody else of an area: whose it is and whether it exists is not said', async () => {
    const { person_id } = await postOf(LIAISON);
    const { path, id } = await postOf('titular.deoe@iem.example');
    const client = await visitOf(LIAISON);
    for (const file of ['', '.pdf', '.data', '.pdf.data']) {
      const [theirs, absent] = await Promise.all(
        [`${path}${file}`, `/personas/999999/entrega/999999${file}`].map(async (address) => {
          const answer = await client.get(address);
          return { status: answer.status, refused: (await answer.text()).includes('no tiene acceso') };
        }),
      );
      expect(theirs).toEqual({ status: 403, refused: true });
      expect(absent).toEqual(theirs);
      // Under their own name there is no appointment of somebody else.
      expect((await client.get(`/personas/${person_id}/entrega/${id}${file}`)).status).toBe(404);
    }
  });

  test('by who manages people, with a way back to the page of the person', async () => {
    const { path, person_id } = await postOf(LIAISON);
    for (const email of [DIRECTION, 'administracion@iem.example']) {
      const client = await visitOf(email);
      const answers = await leadsTo(client, path);
      expect(answers).toMatchObject({ [`/personas/${person_id}`]: 200, [`${path}.pdf`]: 200 });
      expect(dead(answers)).toEqual([]);
    }
  });

  test('by who leaves and by who comes, while they may not open what they are told of', async () => {
    const { db } = program;
    const moment = await now(db);
    const email = await liaisonWith('open');
    const leaving = await postOf(email);
    const actor_id = await idOf(DIRECTION);
    await endAppointment(
      db,
      { actor_id, person_id: leaving.person_id, moment },
      { appointment_id: leaving.id, last_day: addDays(moment.today, -1) },
    );
    const name = 'Quien llega';
    const coming = 'quien.llega@iem.example';
    const { id: person_id } = await db
      .insertInto('person')
      .values({ name, email: coming, example: true })
      .returning('id')
      .executeTakeFirstOrThrow();
    await appointPerson(
      db,
      { actor_id, person_id, moment },
      {
        area_key: leaving.key,
        kind: 'liaison',
        title: leaving.title,
        from_on: addDays(moment.today, 7),
      },
    );
    for (const [address, words] of [
      [email, 'Ocupó el cargo'],
      [coming, 'Ocupará el cargo'],
    ] as const) {
      const post = await postOf(address);
      const client = await visitOf(address);
      const page = await client.page(post.path);
      expect(page).toContain('class="section-title"');
      expect(dead(await leadsTo(client, post.path))).toEqual([]);
      expect(page).not.toContain('href="/vencimientos/');
      expect(await wordsOfPdf(client, post.path)).toContain(`${words}: ${post.name}`);
    }

    // Who left some weeks ago has signed it, or never will.
    const last_day = addDays(moment.today, -31);
    await db
      .updateTable('appointment')
      .set({ from_on: addDays(last_day, -100), until_on: last_day })
      .where('id', '=', leaving.id)
      .execute();
    const client = await visitOf(email);
    expect((await client.get(leaving.path)).status).toBe(403);
    expect(await client.page('/mi-cuenta')).not.toContain(leaving.path);
    expect((await direction.get(leaving.path)).status).toBe(200);
  });
});
