// The document every page is rendered into: head, demo bar, header, the place of the page, and its fall-back.
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useRouteError,
  useRouteLoaderData,
} from '@remix-run/react';
import { useEffect, useRef, type ReactNode } from 'react';
import { DemoBar } from './components/demo-bar.tsx';
import { HeartbeatBanner, type Heartbeat } from './components/heartbeat-banner.tsx';
import { longInstantWords } from './components/moment-words.ts';
import { useNonce } from './components/nonce.ts';
import { Problem } from './components/problem.tsx';
import { Progress } from './components/progress.tsx';
import { SiteHeader, type NavItem } from './components/site-header.tsx';
import { ROLE_WORDS } from './components/staff-words.ts';
import { withoutYear } from './domain/agenda.ts';
import type { Moment } from './domain/moment.ts';
import { addDays } from './domain/plain-date.ts';
import { findVisitor, groupsOf, POLICY, type Group, type RouteName } from './server/access.ts';
import styles from './styles/index.css?url';
import type { Db } from '../db/client.ts';
import { healthAt } from '../db/health.ts';
import type { Actor } from '../db/people.ts';

const SECTIONS: (NavItem & { route: RouteName })[] = [
  { route: 'my-obligations', to: '/mis-obligaciones', label: 'Mis obligaciones' },
  { route: 'calendar', to: '/calendario', label: 'Calendario' },
  { route: 'review-queue', to: '/revision', label: 'Revisión' },
  { route: 'milestones', to: '/hitos', label: 'Hitos' },
  { route: 'overdue-report', to: '/informe/vencidas', label: 'Informe de vencidas' },
  { route: 'instruments', to: '/instrumentos', label: 'Instrumentos' },
  { route: 'settings', to: '/ajustes', label: 'Ajustes' },
];

/** The sections somebody may enter. The menu only saves a click: each route asks for itself. */
function sectionsOf(actor: Actor): NavItem[] {
  const groups = groupsOf(actor);
  return SECTIONS.filter(({ route }) => {
    const policy: string | readonly Group[] = POLICY[route];
    return typeof policy === 'string' || groups.some((group) => policy.includes(group));
  }).map(({ to, label }) => ({ to, label }));
}

/** What the Dirección and whoever administers must know about the sending; null when all is well or for others. */
async function heartbeatFor(db: Db, actor: Actor | undefined, moment: Moment): Promise<Heartbeat | null> {
  if (!actor?.roles.some((role) => role === 'direction' || role === 'administrator')) return null;
  const { ok, problems, warnings } = await healthAt(db, moment);
  const sentences = [...problems, ...warnings];
  return sentences.length === 0 ? null : { stopped: !ok, sentences };
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await findVisitor({ request, context });
  return {
    visitor: actor
      ? {
          name: actor.name,
          capacity: [
            ...actor.roles.map((role) => ROLE_WORDS[role]),
            ...actor.areas.map(({ post }) => post).filter((post) => post !== actor.name),
          ].join(' · '),
        }
      : null,
    nav: actor ? sectionsOf(actor) : [],
    heartbeat: await heartbeatFor(context.db, actor, moment),
    demo: context.demo
      ? { now: longInstantWords(moment.at), tomorrow: withoutYear(addDays(moment.today, 1)) }
      : null,
  };
}

export function Layout({ children }: { children: ReactNode }) {
  const page = useRouteLoaderData<typeof loader>('root');
  const nonce = useNonce();
  return (
    <html lang="es-MX">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <Links />
      </head>
      <body>
        <a className="skip" href="#contenido">
          Ir al contenido
        </a>
        {page?.demo && <DemoBar clock={page.demo} />}
        <SiteHeader nav={page?.nav ?? []} visitor={page?.visitor ?? null} />
        {page?.heartbeat && <HeartbeatBanner heartbeat={page.heartbeat} />}
        <main id="contenido" tabIndex={-1}>
          {children}
        </main>
        <footer className="site-footer">
          <p>Instituto Electoral de Michoacán · Comisión de Vinculación y Servicio Profesional Electoral</p>
        </footer>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  useFocusOnNewPage();
  return (
    <>
      <Progress />
      <Outlet />
    </>
  );
}

/** After a navigation in the browser the focus goes where a page load would put it: to the page. */
function useFocusOnNewPage() {
  const { pathname, hash } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (!hash) document.getElementById('contenido')?.focus({ preventScroll: true });
  }, [pathname, hash]);
}

export const meta: MetaFunction = () => [{ title: 'Seguimiento de Convenios' }];

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: styles },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
];

export function ErrorBoundary() {
  const error = useRouteError();
  return isRouteErrorResponse(error) ? (
    <Problem status={error.status} said={error.data as unknown} />
  ) : (
    <Problem status={500} />
  );
}
