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
  route('vencimientos/:id/reportar/enviar', 'routes/deadline-report-send.tsx'),
  route('vencimientos/:id/solicitar', 'routes/deadline-request.tsx'),
  route('evidencias/:id', 'routes/evidence.ts'),
  route('vencimientos/:id/cerrar', 'routes/deadline-close.tsx'),
  route('vencimientos/:id/reabrir', 'routes/deadline-reopen.tsx'),
  route('vencimientos/:id/fecha', 'routes/deadline-date.tsx'),
  route('acuses/:folio', 'routes/receipt.tsx'),
  route('acuses/:folio/pdf', 'routes/receipt-pdf.ts'),

  route('calendario', 'routes/calendar.tsx'),
  route('revision', 'routes/review-queue.tsx'),
  route('revision/:id', 'routes/review.tsx'),
  route('solicitudes', 'routes/requests.tsx'),
  route('solicitudes/:id', 'routes/request.tsx'),

  route('eventos', 'routes/triggers.tsx'),
  route('eventos/:key', 'routes/trigger.tsx'),
  route('eventos/:key/registrar', 'routes/event-registration.tsx'),
  route('eventos/retirar/:id', 'routes/event-withdrawal.tsx'),
  route('hitos', 'routes/milestones.tsx'),
  route('hitos/:key', 'routes/milestone.tsx'),
  route('hitos/:key/mover', 'routes/milestone-move.tsx'),
  route('hitos/:key/vigilancia', 'routes/milestone-watch.tsx'),
  route('cambios/:id', 'routes/schedule-change.tsx'),
  route('cambios/:id/deshacer', 'routes/schedule-undo.tsx'),

  route('informe/vencidas', 'routes/overdue-report.tsx'),
  route('informe/vencidas.csv', 'routes/overdue-report-csv.ts'),
  route('informe/vencidas.json', 'routes/overdue-report-json.ts'),
  route('informe/vencidas.pdf', 'routes/overdue-report-pdf.ts'),
  route('informe/vencidas.xlsx', 'routes/overdue-report-xlsx.ts'),
  route('informe/vencidas.docx', 'routes/overdue-report-docx.ts'),
  route('informe/exigibles', 'routes/due-deadlines.tsx'),
  route('informe/cortes', 'routes/report-cuts.tsx'),
  route('informe/cerrar', 'routes/close-cut.tsx'),
  route('informe/cuatrimestral', 'routes/four-month-report.tsx'),
  route('informe/cuatrimestral.pdf', 'routes/four-month-report-pdf.ts'),

  route('instrumentos', 'routes/instruments.tsx'),
  route('instrumentos/:key', 'routes/instrument.tsx'),
  route('obligaciones/:ref', 'routes/obligation.tsx'),
  route('obligaciones/:ref/regla', 'routes/obligation-rule.tsx'),
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
