// A stored derivation as the screens show it: each step in words, the days it left out gathered under it.
import { z } from 'zod';
import { formatLongDate } from '../domain/plain-date.ts';

export interface ExcludedDay {
  /** `lunes 18 de marzo de 2024`. */
  day: string;
  name: string;
  source: string | null;
}

export interface DateFileStep {
  text: string;
  source: string | null;
  excluded: ExcludedDay[];
}

const storedSteps = z.array(
  z.object({
    op: z.string().optional(),
    text: z.string(),
    source: z.string().optional(),
    day: z.string().optional(),
    name: z.string().optional(),
  }),
);

/** The steps of a derivation without its result, which stands apart. Throws for what is no derivation. */
export function viewDateFile(stored: unknown): DateFileStep[] {
  const steps: DateFileStep[] = [];
  for (const { op, text, source, day, name } of storedSteps.parse(stored)) {
    if (op === 'result') continue;
    const last = steps.at(-1);
    if (op === 'exclude' && day !== undefined && last) {
      last.excluded.push({ day: formatLongDate(day), name: name ?? text, source: source ?? null });
    } else {
      steps.push({ text, source: source ?? null, excluded: [] });
    }
  }
  return steps;
}
