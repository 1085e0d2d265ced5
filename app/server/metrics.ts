// The measures of the program in Prometheus' text format 0.0.4, and who may read them.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AppLoadContext } from '@remix-run/node';
import type { Measures } from '../../db/measures.ts';

/** The content type that names the format's version (prometheus.io/docs/instrumenting/exposition_formats). */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/**
 * Whoever brings the token of METRICS_TOKEN may read; without such a variable, only this machine may. Behind a proxy
 * the address is the one the proxy passes on.
 */
export function mayReadMetrics(
  request: Request,
  { ip, metricsToken }: Pick<AppLoadContext, 'ip' | 'metricsToken'>,
): boolean {
  if (metricsToken === undefined) return LOOPBACK.test(ip);
  const given = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(metricsToken));
}

interface Sample {
  name: string;
  type: 'gauge' | 'counter';
  help: string;
  /** One value, or one for each value of a label; what is not known is left out. */
  value: number | null | { label: string; values: Record<string, number> };
}

/** `measures` is null when the database did not answer: then only that and the process are told. */
export function metricsText(measures: Measures | null, memory: NodeJS.MemoryUsage): string {
  const samples: Sample[] = [
    gauge('convenio_database_up', 'Whether the database answered.', measures === null ? 0 : 1),
    ...(measures === null ? [] : sendingSamples(measures)),
    gauge('process_resident_memory_bytes', 'Resident memory of the process that answers.', memory.rss),
    gauge('nodejs_heap_size_used_bytes', 'Heap in use in the process that answers.', memory.heapUsed),
  ];
  return samples.map(written).join('');
}

function sendingSamples({
  health,
  messages,
  planned_notices,
  planned_total,
  last_pass_age_seconds,
}: Measures): Sample[] {
  return [
    gauge('convenio_healthy', 'Whether /salud answers 200.', health.ok ? 1 : 0),
    gauge(
      'convenio_oldest_due_seconds',
      'Age of the oldest mail that has not left; of the last pass when that is older and over ten minutes ago.',
      health.oldest_due_seconds,
    ),
    gauge('convenio_messages', 'Mails that wait, are retried or ended badly, by state.', {
      label: 'state',
      values: messages,
    }),
    gauge('convenio_planned_notices', 'Notices planned that have not left.', planned_notices),
    gauge('convenio_last_pass_age_seconds', 'Seconds since the newest pass.', last_pass_age_seconds),
    gauge(
      'convenio_last_pass_duration_seconds',
      'How long the newest morning’s pass took.',
      health.last_pass_ms === null ? null : health.last_pass_ms / 1000,
    ),
    counter('convenio_notices_planned_total', 'Notices planned by all passes.', planned_total.notices),
    counter('convenio_mails_planned_total', 'Mails made by all passes.', planned_total.mails),
  ];
}

const gauge = (name: string, help: string, value: Sample['value']): Sample => ({
  name,
  type: 'gauge',
  help,
  value,
});
const counter = (name: string, help: string, value: number): Sample => ({
  name,
  type: 'counter',
  help,
  value,
});

function written({ name, type, help, value }: Sample): string {
  if (value === null) return '';
  const lines =
    typeof value === 'number'
      ? [`${name} ${value}`]
      : Object.entries(value.values).map(([key, each]) => `${name}{${value.label}="${key}"} ${each}`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}
