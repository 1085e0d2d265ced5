// Causes, commitments and questions about one deadline, in words and in one list.
import type { ExplanationView } from '../components/explanations.tsx';
import { instantWords } from '../components/moment-words.ts';
import type { Moment } from '../domain/moment.ts';
import { formatLongDate } from '../domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { listExplanations, listRequests } from '../../db/explanations.ts';

/** Everything that was said and asked about a deadline, the newest first. */
export async function viewExplanations(
  db: Db,
  deadlineId: number,
  moment: Moment,
): Promise<ExplanationView[]> {
  const [explanations, requests] = await Promise.all([
    listExplanations(db, [deadlineId], moment),
    listRequests(db, [deadlineId], moment),
  ]);
  return [
    ...explanations.map((said) => ({
      key: `said-${said.id}`,
      at: said.recorded_at,
      heading: `Compromiso: ${formatLongDate(said.committed_on)}`,
      words: said.cause,
      by: `${said.recorded_by_name}, por ${said.area_name}; ${instantWords(said.recorded_at)}`,
    })),
    ...requests.map((question) => ({
      key: `asked-${question.id}`,
      at: question.asked_at,
      heading: `Se solicitó informe a ${question.area_name}`,
      words: question.words,
      by: `${question.asked_by_name}, ${instantWords(question.asked_at)}`,
    })),
  ]
    .sort((a, b) => b.at.localeCompare(a.at))
    .map(({ at: _, ...view }) => view);
}
