// The measures for Prometheus: for this machine, or for whoever brings the token.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { now } from '../../db/clock.ts';
import { readMeasures } from '../../db/measures.ts';
import { mayReadMetrics, METRICS_TYPE, metricsText } from '../server/metrics.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  if (!mayReadMetrics(request, context))
    throw new Response('No tienes acceso a las medidas.', { status: 403 });
  const measures = await now(context.db)
    .then((moment) => readMeasures(context.db, moment))
    .catch(() => null);
  return new Response(metricsText(measures, process.memoryUsage()), {
    headers: { 'Content-Type': METRICS_TYPE, 'Cache-Control': 'no-store' },
  });
}
