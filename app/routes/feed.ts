// A calendar by subscription: whoever has its secret address reads it, until its owner takes it back.
import { createHash } from 'node:crypto';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { calendarFeed } from '../domain/calendar-feed.ts';
import { now } from '../../db/clock.ts';
import { listFeedItems, readFeed } from '../../db/feeds.ts';
import { findActor, type Actor } from '../../db/people.ts';
import { notFound } from '../server/request-input.ts';

const TOKEN = /^([\w-]{43})\.ics$/;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { db, appUrl } = context;
  const token = TOKEN.exec(params['file'] ?? '')?.[1];
  const feed = token === undefined ? ({ kind: 'unknown' } as const) : await readFeed(db, token);
  if (feed.kind === 'unknown') throw notFound();
  // Calendar programs give up on 410; somebody with a wrong address only ever sees 404.
  if (feed.kind === 'revoked') throw new Response('Esta suscripción fue revocada.', { status: 410 });
  if (feed.kind === 'too_many') {
    throw new Response('Demasiadas lecturas en una hora.', {
      status: 429,
      headers: { 'Retry-After': '3600' },
    });
  }
  const moment = await now(db);
  const owner = await findActor(db, feed.owner_id, moment.today);
  const carried = owner && carriedBy(owner, feed);
  // Whoever left their posts has nothing to follow any more.
  if (!carried) throw new Response('Esta suscripción ya no tiene vencimientos que seguir.', { status: 410 });

  const body = calendarFeed({
    name: carried.name,
    app_url: appUrl,
    items: await listFeedItems(db, moment, carried.areas),
  });
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = {
    'Content-Type': 'text/calendar; charset=utf-8',
    'Content-Disposition': 'inline; filename="vencimientos.ics"',
    'Cache-Control': 'private, no-cache',
    'X-Robots-Tag': 'noindex',
    ETag: etag,
  };
  const known = (request.headers.get('If-None-Match') ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag)
    ? new Response(null, { status: 304, headers })
    : new Response(body, { headers });
}

/** What a feed carries today: its owner may have changed posts since it was made. Nothing left carries nothing. */
function carriedBy(
  owner: Actor,
  { scope, area_id }: { scope: 'person' | 'area' | 'all'; area_id: number | null },
): { name: string; areas: number[] | null } | undefined {
  const everything = owner.roles.length > 0;
  switch (scope) {
    case 'all':
      return everything ? { name: 'Convenio INE–IEM', areas: null } : undefined;
    case 'area': {
      const area = owner.areas.find(({ id }) => id === area_id);
      return area && { name: `Vencimientos · ${area.acronym}`, areas: [area.id] };
    }
    case 'person':
      return owner.areas.length > 0
        ? { name: 'Mis vencimientos', areas: owner.areas.map(({ id }) => id) }
        : undefined;
  }
}
