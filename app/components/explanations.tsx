// What was said and asked about something overdue: causes with their commitments, and the Dirección's questions.
import { UserText } from './user-text.tsx';

export interface ExplanationView {
  key: string;
  /** `Causa declarada; compromiso: lunes 20 de mayo de 2024`, or that it was asked for. */
  heading: string;
  words: string;
  /** Who and when. */
  by: string;
}

/** The list, the newest first; nothing when nobody said or asked anything. */
export function Explanations({ entries }: { entries: ExplanationView[] }) {
  if (entries.length === 0) return null;
  return (
    <section aria-labelledby="causa">
      <h2 id="causa">Causa y compromiso</h2>
      {entries.map(({ key, heading, words, by }) => (
        <article key={key}>
          <p>
            <strong>{heading}</strong>
            {words === '' && <span className="quiet"> {by}</span>}
          </p>
          {words !== '' && <UserText by={by}>{words}</UserText>}
        </article>
      ))}
    </section>
  );
}
