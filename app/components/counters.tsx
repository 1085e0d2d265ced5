// Counters: each number is a link to a list of exactly that length.
import { Link } from '@remix-run/react';
import type { DeadlineStatus } from '../domain/deadline-status.ts';

export interface Counter {
  label: string;
  count: number;
  /** Where its list is; nothing to see when the count is zero. */
  to: string;
  tone?: DeadlineStatus;
}

export function Counters({ name, counters }: { name: string; counters: Counter[] }) {
  return (
    <nav className="counters" aria-label={name}>
      <ul>
        {counters.map(({ label, count, to, tone }) => (
          <li key={label} data-status={count > 0 ? tone : undefined}>
            {count > 0 ? (
              <Link to={to} preventScrollReset={to.startsWith('#')}>
                <span className="counter-label">{label}</span> <span className="counter-number">{count}</span>
              </Link>
            ) : (
              <span className="counter-none">
                <span className="counter-label">{label}</span> <span className="counter-number">0</span>
              </span>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}
