// The heartbeat for machines: 200 while reminders go out as promised, 503 when they do not.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { health, type Health } from '../../db/health.ts';

export async function loader({ context }: LoaderFunctionArgs) {
  const report: Health | { ok: false; problems: string[] } = await health(context.db).catch(() => ({
    ok: false as const,
    problems: ['La base de datos no responde.'],
  }));
  return Response.json(report, { status: report.ok ? 200 : 503, headers: { 'Cache-Control': 'no-store' } });
}
