// The annex of the Commission's report: for each overdue date, the derivation in force at the cut.
import { viewDateFile } from '../components/date-file-view.ts';
import type { AnnexBlock } from '../components/date-annex.tsx';
import { instantWords } from '../components/moment-words.ts';
import { momentOf } from '../domain/moment.ts';
import type { OverdueReport } from '../domain/overdue-report.ts';
import { formatLongDate } from '../domain/plain-date.ts';
import { storedRuleWords } from '../domain/rule-words.ts';
import type { Db } from '../../db/client.ts';
import { listDerivations } from '../../db/deadlines.ts';

/** Overdue dates that are explained at most: a longer annex than the report would not be read. */
const MOST = 100;

/** One block per overdue row, with its number in the report. */
export async function dateAnnex(
  db: Db,
  { cut, overdue }: Pick<OverdueReport, 'cut' | 'overdue'>,
): Promise<AnnexBlock[]> {
  const rows = overdue.slice(0, MOST);
  const derivations = await listDerivations(
    db,
    momentOf(cut.at),
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
