// The state of a deadline: its shape and its word first, its colour as a third sign.
import { STATUS_WORDS, type DeadlineStatus } from '../domain/deadline-status.ts';

/** `■ Vencida hace 3 días`; `distance` follows the word. */
export function StatusBadge({ status, distance }: { status: DeadlineStatus; distance?: string | null }) {
  const { word, symbol } = STATUS_WORDS[status];
  return (
    <span className="status" data-status={status}>
      <span className="status-shape" aria-hidden="true">
        {symbol}
      </span>
      <span>
        {word}
        {distance && ` ${distance}`}
      </span>
    </span>
  );
}
