// Who may enter which route: one policy per route, asked by every loader and every action for itself.
import { redirect, type AppLoadContext } from '@remix-run/node';
import type { Moment } from '../domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { findActor, type Actor } from '../../db/people.ts';
import { findSessionPerson } from '../../db/sessions.ts';
import type { Role } from '../../db/schema.ts';
import { readSessionToken } from './session-cookie.ts';

declare module '@remix-run/node' {
  interface AppLoadContext {
    db: Db;
    /** True for a demo installation: example people, the built-in mailbox and the movable clock. */
    demo: boolean;
    appUrl: string;
    cspNonce: string;
    /** Network address of the caller, as far as the server trusts it. */
    ip: string;
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
  logout: 'public',
  health: 'public',
  'why-notices': 'public',
  // Its secret address is the key; the feed carries what its owner may see today.
  feed: 'public',
  feeds: 'signed_in',
  account: 'signed_in',
  people: ['direction', 'administrator'],
  // Roles are given and taken by an administrator alone; the action asks.
  person: ['direction', 'administrator'],
  handover: ['direction', 'administrator'],
  mailbox: 'demo',
  'mailbox-message': 'demo',
  'mailbox-html': 'demo',
  'demo-clock': 'demo',
  'my-obligations': ['area'],
  deadline: 'signed_in',
  'deadline-report': ['area', 'direction'],
  receipt: 'signed_in',
  'review-queue': ['direction'],
  review: ['direction'],
  calendar: ['direction', 'commission', 'administrator'],
  'overdue-report': ['direction', 'commission', 'administrator'],
  'overdue-report-csv': ['direction', 'commission', 'administrator'],
  instruments: 'signed_in',
  instrument: 'signed_in',
  'not-found': 'public',
} as const satisfies Record<string, 'public' | 'demo' | 'signed_in' | readonly Group[]>;

export type RouteName = keyof typeof POLICY;

interface Asked {
  request: Request;
  context: AppLoadContext;
}

/** The logged-in person, if any, and the moment of the request. */
export async function findVisitor({
  request,
  context,
}: Asked): Promise<{ actor: Actor | undefined; moment: Moment }> {
  const moment = await now(context.db);
  const token = readSessionToken(request, context.appUrl);
  const personId = token ? await findSessionPerson(context.db, token) : undefined;
  return {
    actor: personId === undefined ? undefined : await findActor(context.db, personId, moment.today),
    moment,
  };
}

/** The groups somebody belongs to today. */
export function groupsOf(actor: Actor): Group[] {
  return actor.areas.length > 0 ? [...actor.roles, 'area'] : actor.roles;
}

/**
 * Lets a person into a route or throws the Response that turns them away: to the log-in page when nobody is
 * logged in (401 for anything but a page view), 403 when their role does not include it.
 */
export async function requireActor(
  asked: Asked,
  route: RouteName,
): Promise<{ actor: Actor; moment: Moment }> {
  const policy: 'public' | 'demo' | 'signed_in' | readonly Group[] = POLICY[route];
  const { actor, moment } = await findVisitor(asked);
  if (!actor) {
    if (asked.request.method === 'POST')
      throw new Response('Tu sesión terminó. Vuelve a entrar.', { status: 401 });
    const { pathname, search } = new URL(asked.request.url);
    throw redirect(`/entrar?ir=${encodeURIComponent(pathname.replace(/\.data$/, '') + search)}`);
  }
  if (typeof policy !== 'string' && !groupsOf(actor).some((group) => policy.includes(group))) {
    throw new Response('Tu cuenta no tiene acceso a esta página.', { status: 403 });
  }
  return { actor, moment };
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
