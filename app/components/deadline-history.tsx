// The history of a deadline: what happened to its date and to it, when, why and by whom.
import { visibleText } from '../domain/free-text.ts';
import type { HistoryView } from './history-words.ts';

export function DeadlineHistory({ entries }: { entries: HistoryView[] }) {
  return (
    <ol className="history">
      {entries.map(({ when, what, why, by }, index) => (
        <li key={index}>
          <p className="history-when">{when}</p>
          <div>
            <p>
              <strong>{what}</strong>
            </p>
            {why && (
              <p className="history-why" dir="auto">
                {visibleText(why)}
              </p>
            )}
            <p className="quiet">{by}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
