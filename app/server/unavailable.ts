// What the web answers while the database is out of reach or takes nothing in: 503, and one line in the log.
import type { AppLoadContext, ServerBuild } from '@remix-run/node';
import { databaseIsAway } from '../../db/away.ts';
import { NOTHING_SAVED, NOTHING_SHOWN } from '../components/unavailable-words.ts';
import './access.ts';

interface Asked {
  request: Request;
  context: AppLoadContext;
}

/**
 * The pages with every loader and action answering 503 where the database is away. Each of our transactions is kept
 * whole or not at all, so of what was sent nothing is.
 */
export function answeringWhenAway(build: ServerBuild): ServerBuild {
  const routes: ServerBuild['routes'] = {};
  for (const [id, route] of Object.entries(build.routes)) {
    if (!route) continue;
    const { loader, action } = route.module;
    routes[id] = {
      ...route,
      module: {
        ...route.module,
        ...(loader && { loader: guarded(loader) }),
        ...(action && { action: guarded(action) }),
      },
    };
  }
  return { ...build, routes };
}

/** Requests whose failure was logged: of the several loaders of a page one is enough. */
const logged = new WeakSet<AppLoadContext>();

function guarded<Args extends Asked, Result>(work: (args: Args) => Result) {
  return async (args: Args): Promise<Awaited<Result>> => {
    try {
      return await work(args);
    } catch (error) {
      if (!databaseIsAway(error)) throw error;
      const { request, context } = args;
      const sent = request.method === 'POST';
      if (!logged.has(context)) {
        logged.add(context);
        const { pathname } = new URL(request.url);
        // Of an address with several hosts Node says the code alone.
        const cause = error.message.replace(/\s+/g, ' ') || String(Reflect.get(error, 'code'));
        console.error(`No se pudo atender ${request.method} ${pathname}; se respondió 503: ${cause}`);
      }
      throw new Response(sent ? NOTHING_SAVED : NOTHING_SHOWN, { status: 503 });
    }
  };
}
