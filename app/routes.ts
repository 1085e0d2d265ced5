// Every address of the program on one screen: files are named in English, addresses in Spanish.
import { index, route, type RouteConfig } from '@remix-run/route-config';

export default [
  index('routes/home.ts'),
  route('entrar', 'routes/login.tsx'),
  route('entrar/codigo', 'routes/login-code.tsx'),
  route('salir', 'routes/logout.ts'),

  route('mis-obligaciones', 'routes/my-obligations.tsx'),
  route('vencimientos/:id', 'routes/deadline.tsx'),
  route('vencimientos/:id/reportar', 'routes/deadline-report.tsx'),
  route('acuses/:folio', 'routes/receipt.tsx'),

  route('calendario', 'routes/calendar.tsx'),
  route('revision', 'routes/review-queue.tsx'),
  route('revision/:id', 'routes/review.tsx'),

  route('informe/vencidas', 'routes/overdue-report.tsx'),
  route('informe/vencidas.csv', 'routes/overdue-report-csv.ts'),

  route('instrumentos', 'routes/instruments.tsx'),
  route('instrumentos/:key', 'routes/instrument.tsx'),
  route('por-que-recibo-esto', 'routes/why-notices.tsx'),

  route('mi-cuenta', 'routes/account.tsx'),
  route('personas', 'routes/people.tsx'),
  route('personas/:id', 'routes/person.tsx'),
  route('personas/:id/entrega/:appointment', 'routes/handover.tsx'),

  route('suscripcion', 'routes/feeds.tsx'),
  route('calendarios/:file', 'routes/feed.ts'),

  route('correos', 'routes/mailbox.tsx'),
  route('correos/:id', 'routes/mailbox-message.tsx'),
  route('correos/:id/html', 'routes/mailbox-html.ts'),
  route('demo/reloj', 'routes/demo-clock.ts'),

  route('salud', 'routes/health.ts'),
  route('*', 'routes/not-found.tsx'),
] satisfies RouteConfig;
