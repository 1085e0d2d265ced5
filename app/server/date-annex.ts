// The annex of the Commission's report: for each overdue date, the derivation in force at the cut.
import { viewDateFile } from '../components/date-file-view.ts';
import type { AnnexBlock } from '../components/date-annex.tsx';
import { instantWords } from '../components/moment-words.ts';
import type { Moment } from '../domain/moment.ts';
import type { OverdueRow } from '../domain/overdue-report.ts';
import { formatLongDate } from '../domain/plain-date.ts';
import { section, type OutlineSection } from '../domain/report-outline.ts';
import { storedRuleWords } from '../domain/rule-words.ts';
import type { Db } from '../../db/client.ts';
import { listDerivations } from '../../db/deadlines.ts';

/** One block per row of the report, in its order, with its number. */
export async function dateAnnex(db: Db, moment: Moment, rows: readonly OverdueRow[]): Promise<AnnexBlock[]> {
  const derivations = await listDerivations(
    db,
    moment,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id, ref, title, due_on, provisional }, index) => {
    const derivation = derivations.get(id);
    if (!derivation) return [];
    const { steps, rule, computed_at } = derivation;
    return {
      number: index + 1,
      ref,
      title,
      rule: storedRuleWords(rule, steps) ?? null,
      steps: viewDateFile(steps),
      result: `Venció el ${formatLongDate(due_on)}`,
      computed: `Calculada el ${instantWords(computed_at)}.`,
      provisional,
    };
  });
}

/** The same as sections of a file: each step with its source, the days it left out, what is not confirmed. */
export function annexSections(blocks: readonly AnnexBlock[]): OutlineSection[] {
  return blocks.map(({ number, ref, title, rule, steps, result, computed, provisional }, index) =>
    section(`fecha-${number}`, `${index === 0 ? 'Anexo: por qué estas fechas. ' : ''}${number}. ${title}`, {
      paragraphs: [[`${ref}. ${result}. ${rule ? `${rule}.` : ''}`]],
      bullets: [
        ...steps.map(({ text, source, excluded }, step) =>
          [
            `${step + 1}) ${text}${source ? ` (${source})` : ''}`,
            ...excluded.map(({ day, name }) => `No cuenta el ${day}: ${name}`),
          ].join('. '),
        ),
        ...provisional.map((reason) => `Falta confirmar: ${reason}`),
        computed,
      ],
    }),
  );
}
