// The history of a deadline: what happened to its date and to it, when, why and by whom.
import { Link } from '@remix-run/react';
import { visibleText } from '../domain/free-text.ts';
import type { HistoryView } from './history-words.ts';

/** `linked` for who may see the changes of dates as a whole. */
export function DeadlineHistory({ entries, linked }: { entries: HistoryView[]; linked: boolean }) {
  return (
    <ol className="history">
      {entries.map(({ when, what, why, by, change }, index) => (
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
            <p className="quiet">
              {by}
              {linked && change !== null && (
                <>
                  {' · '}
                  <Link to={`/cambios/${change}`}>Ver el cambio completo</Link>
                </>
              )}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
