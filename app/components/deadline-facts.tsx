// Parts of the page of a deadline: the date somebody fixed beside the computed one, and what it is counted from.
import { Link } from '@remix-run/react';
import { UserText } from './user-text.tsx';

export interface DateByHand {
  /** `Fecha fijada por acuerdo: IEM-CG-12/2024`. */
  sentence: string;
  reason: string;
  by: string;
  /** What the rule gives; null while it gives no date. */
  computed: string | null;
}

export interface Anchor {
  name: string;
  /** Which of its dates counts. */
  note: string | null;
  /** Its page, for who may see it. */
  to: string | null;
}

export interface DeadlineAction {
  to: string;
  label: string;
  /** It leads to a file. */
  file?: true;
}

export function ByHand({ date }: { date: DateByHand }) {
  return (
    <div className="notice">
      <p>
        <strong>{date.sentence}</strong>; la regla{' '}
        {date.computed ? `da ${date.computed}` : 'todavía no da fecha'}.
      </p>
      <UserText by={date.by}>{date.reason}</UserText>
    </div>
  );
}

/** Cuenta a partir de…, as a list; nothing for a date that is fixed by itself. */
export function Anchors({ anchors }: { anchors: Anchor[] }) {
  if (anchors.length === 0) return null;
  return (
    <div className="anchors">
      <h3>Cuenta a partir de</h3>
      <ul>
        {anchors.map(({ name, note, to }) => (
          <li key={name}>
            {to ? <Link to={to}>{name}</Link> : name}
            {note && <span className="quiet"> {note}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
