// Who may enter which route: one policy per route, asked by every loader and every action for itself.
import { redirect, type AppLoadContext } from '@remix-run/node';
import type { Moment } from '../domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import type { EvidenceStore } from '../../db/evidence-store.ts';
import { findActor, type Actor } from '../../db/people.ts';
import type { SecretSeal } from '../../db/secret-seal.ts';
import { findSessionPerson } from '../../db/sessions.ts';
import type { Role } from '../../db/schema.ts';
import type { MailSample } from './mail-samples.ts';
import type { QueueDesk } from './queue-desk.ts';
import { readSessionToken } from './session-cookie.ts';

declare module '@remix-run/node' {
  interface AppLoadContext {
    db: Db;
    evidence: EvidenceStore;
    /** Encrypts the secrets of second factors. */
    seal: SecretSeal;
    /** True for a demo installation: example people, the built-in mailbox and the movable clock. */
    demo: boolean;
    appUrl: string;
    cspNonce: string;
    /** Network address of the caller, as far as the server trusts it. */
    ip: string;
    /** What opens /metrics from other machines; without it only this one may read them. */
    metricsToken?: string | undefined;
    /** Every mail the program sends, with made-up data. */
    mailSamples: readonly MailSample[];
    /** The queues that wake the workers. */
    queues: QueueDesk;
  }
  interface Future {
    v3_singleFetch: true;
  }
}

/** `area` is anybody who holds a post in some area today. */
export type Group = Role | 'area';

/**
 * The table of access. `public` needs nobody, `demo` exists only in a demo, `signed_in` is any person; otherwise
 * the groups that may enter. What a person sees inside is narrowed by the queries, which take the areas.
 */
export const POLICY = {
  home: 'public',
  login: 'public',
  'login-code': 'public',
  'login-second-step': 'public',
  logout: 'public',
  health: 'public',
  // For this machine, or for whoever brings the token: app/server/metrics.ts.
  metrics: 'public',
  'why-notices': 'public',
  // Its secret address is the key; the feed carries what its owner may see today.
  feed: 'public',
  feeds: 'signed_in',
  // The secret address in the mail is the key, and stops nothing but that mail.
  'weekly-mail': 'public',
  'invitation-mail': 'public',
  account: 'signed_in',
  // Offered to who decides about others (decision 34).
  'second-factor': ['direction', 'administrator'],
  people: ['direction', 'administrator'],
  // Roles are given and taken by an administrator alone; the action asks.
  person: ['direction', 'administrator'],
  // Whoever may open the person's page, and the person: app/server/handover-view.ts.
  handover: 'signed_in',
  'handover-pdf': 'signed_in',
  coverage: ['direction', 'administrator'],
  mailbox: 'demo',
  'mailbox-message': 'demo',
  'mailbox-html': 'demo',
  'demo-clock': 'demo',
  'my-obligations': ['area'],
  deadline: 'signed_in',
  'deadline-report': ['area', 'direction'],
  'deadline-report-send': ['area', 'direction'],
  'deadline-explanation': ['area', 'direction'],
  evidence: 'signed_in',
  'deadline-close': ['direction'],
  'deadline-reopen': ['direction'],
  'deadline-date': ['direction'],
  'ine-reminder': ['direction'],
  receipt: 'signed_in',
  'receipt-pdf': 'signed_in',
  'deadline-request': ['area'],
  requests: ['direction'],
  request: ['direction'],
  'review-queue': ['direction'],
  review: ['direction'],
  milestones: ['direction', 'commission', 'administrator'],
  milestone: ['direction', 'commission', 'administrator'],
  'milestone-move': ['direction'],
  'milestone-watch': ['direction'],
  'schedule-change': ['direction', 'commission', 'administrator'],
  'schedule-undo': ['direction'],
  // Each kind of result only for whom it is theirs to see; the queries take the actor.
  search: 'signed_in',
  calendar: ['direction', 'commission', 'administrator'],
  'bulk-reassign': ['direction'],
  'bulk-ladder': ['direction'],
  'selection-csv': ['direction', 'commission', 'administrator'],
  'saved-views': ['direction', 'commission', 'administrator'],
  triggers: ['direction', 'commission', 'administrator'],
  trigger: ['direction', 'commission', 'administrator'],
  'event-registration': ['direction'],
  'event-withdrawal': ['direction'],
  'overdue-report': ['direction', 'commission', 'administrator'],
  'overdue-report-csv': ['direction', 'commission', 'administrator'],
  'overdue-report-json': ['direction', 'commission', 'administrator'],
  'overdue-report-pdf': ['direction', 'commission', 'administrator'],
  'overdue-report-xlsx': ['direction', 'commission', 'administrator'],
  'overdue-report-docx': ['direction', 'commission', 'administrator'],
  'due-deadlines': ['direction', 'commission', 'administrator'],
  'report-cuts': ['direction', 'commission', 'administrator'],
  'four-month-report': ['direction', 'commission', 'administrator'],
  'four-month-report-pdf': ['direction', 'commission', 'administrator'],
  'close-cut': ['direction'],
  instruments: 'signed_in',
  instrument: 'signed_in',
  addendum: ['direction', 'administrator'],
  'addendum-preview': ['direction', 'administrator'],
  processes: ['direction', 'administrator'],
  'process-new': ['direction', 'administrator'],
  process: ['direction', 'administrator'],
  'process-fixed-dates': ['direction', 'administrator'],
  'process-dates': ['direction', 'administrator'],
  'process-publish': ['direction', 'administrator'],
  'process-discard': ['direction', 'administrator'],
  'non-working-days': 'signed_in',
  // Whoever is told holds a post.
  'notice-answer': ['area'],
  'notice-proof-pdf': 'signed_in',
  'notice-ledger': ['direction', 'administrator'],
  'notice-mail': ['direction', 'administrator'],
  'notice-mail-file': ['direction', 'administrator'],
  'notice-simulator': ['direction', 'administrator'],
  settings: ['direction', 'administrator'],
  attention: ['direction', 'administrator'],
  ladders: ['direction', 'administrator'],
  'mail-samples': ['direction', 'administrator'],
  'mail-sample': ['direction', 'administrator'],
  'mail-sample-html': ['direction', 'administrator'],
  queues: ['administrator'],
  obligation: 'signed_in',
  'obligation-rule': ['direction'],
  'not-found': 'public',
} as const satisfies Record<string, 'public' | 'demo' | 'signed_in' | readonly Group[]>;

export type RouteName = keyof typeof POLICY;

interface Asked {
  request: Request;
  context: AppLoadContext;
}

export interface Visitor {
  actor: Actor | undefined;
  moment: Moment;
}

/** Who asks for a page, so that its several loaders look it up once; the context is of one request. */
const VISITORS = new WeakMap<AppLoadContext, Promise<Visitor>>();

/** The logged-in person, if any, and the moment of the request. */
export function findVisitor(asked: Asked): Promise<Visitor> {
  // What an action does may change the answer for the loaders after it, so only they share it.
  if (asked.request.method !== 'GET') return lookUpVisitor(asked);
  const known = VISITORS.get(asked.context) ?? lookUpVisitor(asked);
  VISITORS.set(asked.context, known);
  return known;
}

async function lookUpVisitor({ request, context }: Asked): Promise<Visitor> {
  const token = readSessionToken(request, context.appUrl);
  const [moment, personId] = await Promise.all([
    now(context.db),
    token ? findSessionPerson(context.db, token) : undefined,
  ]);
  return {
    actor: personId === undefined ? undefined : await findActor(context.db, personId, moment.today),
    moment,
  };
}

/** The groups somebody belongs to today. */
export function groupsOf(actor: Actor): Group[] {
  return actor.areas.length > 0 ? [...actor.roles, 'area'] : actor.roles;
}

/** Whether the policy lets somebody into a route; what links to it asks this, and the route asks again for itself. */
export function mayEnter(actor: Actor, route: RouteName): boolean {
  const policy: 'public' | 'demo' | 'signed_in' | readonly Group[] = POLICY[route];
  return typeof policy === 'string' || groupsOf(actor).some((group) => policy.includes(group));
}

/**
 * Lets a person into a route or throws the Response that turns them away: to the log-in page when nobody is
 * logged in (401 for anything but a page view), 403 when their role does not include it.
 */
export async function requireActor(
  asked: Asked,
  route: RouteName,
): Promise<{ actor: Actor; moment: Moment }> {
  const { actor, moment } = await findVisitor(asked);
  if (!actor) {
    if (asked.request.method === 'POST')
      throw new Response('Tu sesión terminó. Vuelve a entrar.', { status: 401 });
    const { pathname, search } = new URL(asked.request.url);
    throw redirect(`/entrar?ir=${encodeURIComponent(pathname.replace(/\.data$/, '') + search)}`);
  }
  if (!mayEnter(actor, route)) throw forbidden();
  return { actor, moment };
}

/** The answer for who is logged in and may not enter. */
export function forbidden(): Response {
  return new Response('Tu cuenta no tiene acceso a esta página.', { status: 403 });
}

/** For the routes of the demo: elsewhere they do not exist. */
export function requireDemo({ context }: Asked, route: RouteName): void {
  if (POLICY[route] !== 'demo') throw new Error(`${route} is not a route of the demo`);
  if (!context.demo) throw new Response('No encontramos esa página.', { status: 404 });
}

/** Where somebody's work begins. */
export function homeOf(actor: Actor): string {
  if (actor.roles.includes('direction') || actor.roles.includes('administrator')) return '/calendario';
  if (actor.roles.includes('commission')) return '/informe/vencidas';
  return '/mis-obligaciones';
}

/** A path on this site to go to after logging in; anything else becomes `/`. */
export function safePath(text: string | null): string {
  if (
    !text ||
    !/^\/(?![/\\])[\w\-./?=&%+:~,áéíóúñÁÉÍÓÚÑ]*$/.test(text) ||
    text.includes('\\') ||
    /%(0|5c)/i.test(text)
  )
    return '/';
  return text.startsWith('/entrar') ? '/' : text;
}
