// A row of alternatives of which one is shown: each an address.
import { Link } from '@remix-run/react';

export interface Choice {
  name: string;
  to: string;
  here: boolean;
}

export function Choices({ label, choices }: { label: string; choices: readonly Choice[] }) {
  return (
    <nav className="views" aria-label={label}>
      {choices.map(({ name, to, here }) => (
        <Link key={to} to={to} aria-current={here ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
