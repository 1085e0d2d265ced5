// The table of access, asked of the running web: every route, every way of asking, every kind of person.
import { Readable } from 'node:stream';
import type { RouteConfigEntry } from '@remix-run/route-config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import routes from '../../app/routes.ts';
import { POLICY, type Group, type RouteName } from '../../app/server/access.ts';
import { mailFolio } from '../../app/domain/mail-folio.ts';
import { now } from '../../db/clock.ts';
import { keepEvidence } from '../../db/evidence.ts';
import { registerEvent } from '../../db/events.ts';
import type { Db } from '../../db/client.ts';
import { applyMove, previewMove } from '../../db/milestone-moves.ts';
import { openSession } from '../../db/sessions.ts';
import { loadBuild } from '../../jobs/page-build.ts';
import { openClient, type Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

const nameOf = ({ file }: RouteConfigEntry) => file.replace(/^routes\/|\.tsx?$/g, '');

/** Every route with its address; the clock's comes last, because asking it moves the day for all that follow. */
const ROUTES = routes
  .map((entry) => ({ name: nameOf(entry) as RouteName, path: `/${entry.path ?? ''}` }))
  .sort((a, b) => Number(a.name === 'demo-clock') - Number(b.name === 'demo-clock'));

type Kind =
  'nobody' | 'responsible' | 'another area' | 'counterpart' | 'direction' | 'commission' | 'administrator';

const GROUPS: Record<Kind, Group[]> = {
  nobody: [],
  responsible: ['area'],
  'another area': ['area'],
  counterpart: ['area'],
  direction: ['direction', 'area'],
  commission: ['commission'],
  administrator: ['administrator'],
};
const KINDS = Object.keys(GROUPS) as Kind[];

/** Whose deadline it is not: for them it does not exist. */
const HIDDEN: Partial<Record<RouteName, Kind[]>> = {
  deadline: ['another area'],
  obligation: ['another area'],
  receipt: ['another area'],
  'deadline-report': ['another area', 'counterpart'],
  'deadline-report-send': ['another area', 'counterpart'],
  'deadline-explanation': ['another area', 'counterpart'],
  'receipt-pdf': ['another area'],
  'notice-answer': ['another area'],
  'notice-proof-pdf': ['another area', 'counterpart'],
  'deadline-request': ['another area', 'counterpart', 'direction'],
  evidence: ['another area', 'counterpart', 'administrator'],
};

/** Whose own it is not: they are told that it is not for them, whether it exists or not. */
const REFUSED: Partial<Record<RouteName, Kind[]>> = {
  handover: ['another area', 'counterpart', 'commission'],
  'handover-pdf': ['another area', 'counterpart', 'commission'],
};

/** Who may write where more people may read. */
const WRITERS: Partial<Record<RouteName, Group[]>> = {
  'non-working-days': ['direction'],
  ladders: ['direction'],
};

/** What somebody who may enter is answered, where that is not a page; and to an empty form. */
const VIEW: Partial<Record<RouteName, number>> = {
  home: 302,
  logout: 302,
  'demo-clock': 302,
  // A link to a file leads to its receipt, and the last look at a report to its form while there is no draft.
  evidence: 302,
  'deadline-report-send': 302,
  // Only for who has answered the code of the mail.
  'login-second-step': 302,
  'not-found': 404,
  // Without a secret there is nothing at the address.
  feed: 404,
  'weekly-mail': 404,
  'invitation-mail': 404,
  // Nothing was chosen.
  'selection-csv': 400,
};
const EMPTY_FORM: Partial<Record<RouteName, number>> = {
  // A file.
  evidence: 200,
  logout: 303,
  'login-code': 302,
  'login-second-step': 302,
  'demo-clock': 303,
  'weekly-mail': 404,
  'invitation-mail': 404,
};

let program: Program;
let production: string;
let people: Map<Kind, { client: Client; id: number }>;
let params: Partial<Record<RouteName, string>>;
let actions: Set<string>;
/** What only somebody who may see the deadline can know. */
let secrets: string[];
let cases = 0;

beforeAll(async () => {
  program = await startProgram();
  const { db } = program;
  actions = new Set(
    Object.values((await loadBuild()).routes).flatMap((route) =>
      route?.module.action ? [route.id.replace('routes/', '')] : [],
    ),
  );
  const report = await db
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .innerJoin('deadline', 'deadline.id', 'submission.deadline_id')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .innerJoin('area', 'area.id', 'submission.area_id')
    .innerJoin('area as counterpart', 'counterpart.id', 'obligation.counterpart_area_id')
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .where('review.submission_id', 'is', null)
    .where('obligation.obligor', '=', 'IEM')
    .where('area.key', '=', 'iem_deoe')
    .select([
      'submission.id',
      'deadline_id',
      'submission.area_id',
      'folio',
      'document_number',
      'obligation.title',
      'obligation.ref',
      'area.email',
      'counterpart.email as counterpart_email',
    ])
    .executeTakeFirstOrThrow();
  const emails: Record<Exclude<Kind, 'nobody'>, string> = {
    responsible: `enlace.${report.email}`,
    'another area': 'enlace.coord.informatica@iem.example',
    counterpart: `enlace.${report.counterpart_email}`,
    direction: 'titular.devspe@iem.example',
    commission: 'presidencia.com.vinculacion@iem.example',
    administrator: 'administracion@iem.example',
  };
  people = new Map([['nobody', { client: program.visitor(), id: 0 }]]);
  for (const [kind, email] of Object.entries(emails)) {
    const { id } = await db
      .selectFrom('person')
      .where('email', '=', email)
      .select('id')
      .executeTakeFirstOrThrow();
    people.set(kind as Kind, { client: await program.logInAs(email), id });
  }
  const trigger = await db
    .selectFrom('milestone')
    .where('key', '=', 'recepcion_oficio')
    .select(['id', 'key'])
    .executeTakeFirstOrThrow();
  const event = await registerEvent(
    db,
    {
      milestone_id: trigger.id,
      on_date: '2024-05-14',
      at_time: null,
      description: 'Consulta',
      source: 'IEM-1/2024',
      person_id: people.get('direction')!.id,
    },
    await now(db),
  );
  if (event.kind !== 'registered') throw new Error(event.kind);
  const mail = await db
    .selectFrom('message')
    .where('state', '=', 'accepted')
    .where('kind', '=', 'digest')
    .select(['id', 'created_at'])
    .executeTakeFirstOrThrow();
  const file = await attachFile(report.id);
  const request = await db
    .insertInto('area_request')
    .values({
      kind: 'not_ours',
      deadline_id: report.deadline_id,
      area_id: report.area_id,
      asked_by: people.get('responsible')!.id,
      asked_at: (await now(db)).at,
      reason: 'Es de otra área',
      due_on: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const instrument = await db
    .selectFrom('instrument')
    .select(['id', 'key'])
    .orderBy('id')
    .executeTakeFirstOrThrow();
  const appointment = await db
    .selectFrom('appointment')
    .where('person_id', '=', people.get('responsible')!.id)
    .select(['id', 'person_id'])
    .executeTakeFirstOrThrow();
  const change = await dateAnEvent(db, people.get('direction')!.id);
  // The catalogue knows an election that has no instruments yet.
  const prepared = 'extraordinario-irimbo-2024';
  const addendum = await db
    .insertInto('addendum_draft')
    .values({
      instrument_id: instrument.id,
      title: 'Adenda',
      signed_on: '2024-05-01',
      in_force_from: '2024-05-16',
      source: 'Oficio',
      rows: '[]',
      recorded_by: people.get('direction')!.id,
      recorded_at: '2024-05-15T15:00:00Z',
      closed_at: null,
      instrument_version_id: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const ofIne = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .where('v.superseded_at', 'is', null)
    .where('v.settled_at', 'is', null)
    .where('v.due_on', '<', '2024-05-15')
    .where('o.obligor', '=', 'INE')
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('submission as s').whereRef('s.deadline_id', '=', 'd.id').select('s.id')),
      ),
    )
    .select('d.id')
    .executeTakeFirstOrThrow();
  params = {
    'ine-reminder': String(ofIne.id),
    'mail-sample': 'digest-one',
    'mail-sample-html': 'digest-one',
    'weekly-mail': '00000000-0000-4000-8000-000000000000',
    'invitation-mail': '00000000-0000-4000-8000-000000000000',
    deadline: String(report.deadline_id),
    'deadline-report': String(report.deadline_id),
    'deadline-report-send': String(report.deadline_id),
    'deadline-explanation': String(report.deadline_id),
    evidence: String(file.id),
    'deadline-request': String(report.deadline_id),
    'notice-answer': String(report.deadline_id),
    'notice-proof-pdf': String(report.deadline_id),
    'notice-mail': mailFolio(mail),
    'notice-mail-file': mailFolio(mail),
    request: String(request.id),
    'deadline-close': String(report.deadline_id),
    'deadline-reopen': String(report.deadline_id),
    'deadline-date': String(report.deadline_id),
    trigger: trigger.key,
    'event-registration': trigger.key,
    'event-withdrawal': String(event.occurrence_id),
    receipt: report.folio,
    'receipt-pdf': report.folio,
    review: String(report.id),
    instrument: instrument.key,
    addendum: instrument.key,
    'addendum-preview': `${instrument.key}/${addendum.id}`,
    process: prepared,
    'process-fixed-dates': prepared,
    'process-dates': prepared,
    'process-publish': prepared,
    'process-discard': prepared,
    obligation: report.ref,
    'obligation-rule': report.ref,
    feed: `${'a'.repeat(43)}.ics`,
    person: String(appointment.person_id),
    handover: `${appointment.person_id}/${appointment.id}`,
    'handover-pdf': `${appointment.person_id}/${appointment.id}`,
    'mailbox-message': String(mail.id),
    'mailbox-html': String(mail.id),
    milestone: 'jornada',
    'milestone-move': 'jornada',
    'milestone-watch': 'firma_convenio_general',
    'schedule-change': String(change),
    'schedule-undo': String(change),
  };
  secrets = [report.title, report.ref, report.document_number];
  await program.stopWorker();
  production = await program.openWeb({ demo: false });
  return () => program.close();
});

/** Puts a file into a report of the example office, which has none. */
async function attachFile(submission_id: number): Promise<{ id: number }> {
  const { db, evidence } = program;
  const moment = await now(db);
  const received = (await evidence.receive(Readable.from([Buffer.from('%PDF-')]), 100, moment.at))!;
  await db
    .transaction()
    .execute((trx) => keepEvidence(trx, evidence, { ...received, media_type: 'application/pdf' }, moment));
  return db
    .insertInto('submission_file')
    .values({ submission_id, sha256: received.sha256, name: 'Oficio con sello.pdf', position: 1 })
    .returning('id')
    .executeTakeFirstOrThrow();
}

afterAll(() => console.info(`Access: ${cases} cases.`));

/** Gives a date to an event nothing hangs from, and returns the id of the change. */
async function dateAnEvent(db: Db, personId: number): Promise<number> {
  const event = await db
    .selectFrom('milestone')
    .where('key', '=', 'firma_anexo_tecnico')
    .select('process_id')
    .executeTakeFirstOrThrow();
  const move = {
    process_id: event.process_id,
    key: 'firma_anexo_tecnico',
    on_date: '2023-11-20',
    at_time: null,
    firm: true,
    act: 'Anexo firmado',
    note: null,
  };
  const moment = await now(db);
  const seen = (await previewMove(db, move, moment))!.fingerprint;
  const outcome = await applyMove(db, { move, seen, decisions: new Map(), person_id: personId }, moment);
  if (outcome.kind !== 'applied') throw new Error(outcome.kind);
  return outcome.change_id;
}

test('every route has its policy, and every policy its route', () => {
  expect(ROUTES.map(({ name }) => name).sort()).toEqual(Object.keys(POLICY).sort());
});

/** The address of a route; only the log-in code's needs to say what it is about. */
function addressOf(name: RouteName, path: string): { path: string; query: string } {
  const values = (params[name] ?? '').split('/');
  const filled = path.replace(/:\w+/g, () => values.shift() ?? '').replace('*', 'nada/por-aqui');
  return { path: filled, query: name === 'login-code' ? 'd=00000000-0000-4000-8000-000000000000' : '' };
}

/** The status that the policy asks for. */
function expected(name: RouteName, kind: Kind, method: 'GET' | 'POST'): number {
  if (method === 'POST' && !actions.has(name)) return 405;
  const policy: string | readonly Group[] = POLICY[name];
  const open = policy === 'public' || policy === 'demo';
  if (!open && kind === 'nobody') return method === 'GET' ? 302 : 401;
  const allowed = typeof policy === 'string' || GROUPS[kind].some((group) => policy.includes(group));
  if (!allowed || REFUSED[name]?.includes(kind)) return 403;
  if (HIDDEN[name]?.includes(kind)) return 404;
  const writers = method === 'POST' ? WRITERS[name] : undefined;
  if (writers && !GROUPS[kind].some((group) => writers.includes(group))) return 403;
  return method === 'GET' ? (VIEW[name] ?? 200) : (EMPTY_FORM[name] ?? 400);
}

interface Way {
  method: 'GET' | 'POST' | 'HEAD';
  /** The address as this way asks for it. */
  at: (path: string, query: string, name: RouteName) => string;
  /** What Remix makes of an answer asked for this way. */
  status?: (status: number) => number;
}

const join = (path: string, ...query: string[]) =>
  [path, query.filter(Boolean).join('&')].filter(Boolean).join('?');
const dataPath = (path: string) => (path === '/' ? '/_root.data' : `${path}.data`);
/** A redirect travels inside the answer. */
const single = (status: number) => (status === 302 || status === 303 ? 202 : status);

const WAYS: Record<string, Way> = {
  page: { method: 'GET', at: join },
  head: { method: 'HEAD', at: join },
  data: { method: 'GET', at: (path, query) => join(dataPath(path), query), status: single },
  'data of the route alone': {
    method: 'GET',
    at: (path, query, name) => join(dataPath(path), query, `_routes=routes%2F${name}`),
    status: single,
  },
  'the older protocol': {
    method: 'GET',
    at: (path, query, name) => join(path, query, `_data=routes%2F${name}`),
    status: () => 400,
  },
  form: { method: 'POST', at: join },
  'form for data': { method: 'POST', at: (path, query) => join(dataPath(path), query), status: single },
  'form by the older protocol': {
    method: 'POST',
    at: (path, query, name) => join(path, query, `_data=routes%2F${name}`),
    status: () => 400,
  },
};

describe.each(ROUTES)('$path', ({ name, path }) => {
  test.each(KINDS)('answers %s as the policy says, however it is asked', async (kind) => {
    const { path: filled, query } = addressOf(name, path);
    for (const [way, { method, at, status = (same: number) => same }] of Object.entries(WAYS)) {
      const { client, id } = people.get(kind)!;
      // Logging out must not end the session the other cases need.
      const cookies =
        name === 'logout' && id > 0 ? { convenio: await openSession(program.db, id) } : undefined;
      const caller = cookies ? openClient(program.url, cookies) : client;
      const address = at(filled, query, name);
      const answer =
        method === 'POST' ? await caller.post(address, { a: 'b' }) : await caller.send(address, { method });
      const body = await answer.text();
      const wanted = expected(name, kind, method === 'POST' ? 'POST' : 'GET');
      expect({ way, status: answer.status }).toEqual({ way, status: status(wanted) });
      if (
        kind === 'nobody' &&
        wanted === 302 &&
        POLICY[name] !== 'public' &&
        POLICY[name] !== 'demo' &&
        answer.status !== 400
      ) {
        expect(answer.headers.get('location')).toMatch(/^\/entrar\?ir=/);
      }
      if (wanted === 401 || wanted === 403 || wanted === 404 || (wanted === 302 && kind === 'nobody')) {
        // What the asker wrote in the address is no secret to them.
        const unsaid = secrets.filter((secret) => !address.includes(secret));
        expect(unsaid.filter((secret) => body.includes(secret))).toEqual([]);
      }
      cases += 1;
    }
  });
});

test('a page that anybody may see brings the data of no other route along', async () => {
  const nobody = people.get('nobody')!.client;
  for (const { name } of ROUTES) {
    const answer = await nobody.get(`/por-que-recibo-esto.data?_routes=routes%2F${name}`);
    const body = await answer.text();
    expect(body).not.toContain(`routes/${name === 'why-notices' ? '' : name}"`);
    expect(secrets.filter((secret) => body.includes(secret))).toEqual([]);
    cases += 1;
  }
});

test.each([
  '/CALENDARIO',
  '/calendario/',
  '/calend%61rio',
  '/Calendario.data',
  '/calendario/.data',
  '//calendario',
  '/./calendario',
  '/x/../calendario',
])('the calendar spelled %s lets nobody in who may not enter', async (path) => {
  for (const kind of ['nobody', 'responsible', 'counterpart'] as const) {
    const answer = await people.get(kind)!.client.get(path);
    expect([202, 302, 403, 404]).toContain(answer.status);
    expect((await answer.text()).length).toBeLessThan(20_000);
    cases += 1;
  }
});

test('what is not theirs is answered like what does not exist', async () => {
  const { client } = people.get('another area')!;
  const pairs = [
    ['/vencimientos/', params.deadline!, '999999', ''],
    ['/vencimientos/', params.deadline!, '999999', '.data'],
    ['/vencimientos/', params.deadline!, '999999', '/reportar'],
    ['/vencimientos/', params.deadline!, '999999', '/reportar.data'],
    ['/vencimientos/', params.deadline!, '999999', '/cerrar'],
    ['/vencimientos/', params.deadline!, '999999', '/fecha'],
    ['/acuses/', params.receipt!, 'R-9999', ''],
    ['/acuses/', params.receipt!, 'R-9999', '.data'],
    ['/acuses/', params.receipt!, 'R-9999', '/pdf'],
    ['/evidencias/', params.evidence!, '999999', ''],
    ['/evidencias/', params.evidence!, '999999', '.data'],
  ] as const;
  for (const [before, theirs, absent, after] of pairs) {
    for (const method of ['GET', 'POST'] as const) {
      const ask = async (id: string) => {
        const path = `${before}${id}${after}`;
        const answer =
          method === 'GET' ? await client.get(path) : await client.post(path, { act_on: '2024-05-10' });
        return {
          status: answer.status,
          type: answer.headers.get('content-type'),
          body: bare(await answer.text(), path.replace('.data', '')),
        };
      };
      expect(await ask(theirs)).toEqual(await ask(absent));
      cases += 2;
    }
  }
});

/** A page without what differs from one moment to the next, and without its own address. */
function bare(page: string, path: string): string {
  return page
    .replaceAll(/nonce="[^"]*"/g, '')
    .replaceAll(/\d{1,2}:\d{2} h/g, '')
    .replaceAll(path, '');
}

test.each(ROUTES.filter(({ name }) => POLICY[name] === 'demo'))(
  'outside a demo there is no $path',
  async ({ name, path }) => {
    for (const kind of KINDS) {
      const client = openClient(production, people.get(kind)!.client.cookies());
      const { path: filled } = addressOf(name, path);
      for (const address of [filled, `${filled}.data`]) {
        expect((await client.get(address)).status).toBe(404);
        expect((await client.post(address, { volver: '/' })).status).toBe(actions.has(name) ? 404 : 405);
        cases += 2;
      }
    }
  },
);
