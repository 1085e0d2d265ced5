// One clause of an addendum beside the text in force, with the words that differ marked.
import type { DiffPart } from '../domain/word-diff.ts';

export interface ComparedClause {
  number: string;
  heading: string;
  change: string;
  /** Null when there is no such text. */
  before: DiffPart[] | null;
  after: DiffPart[] | null;
  obligations: { ref: string; title: string; change: string; details: string[] }[];
}

export function ClauseComparison({ clause }: { clause: ComparedClause }) {
  const { number, heading, change, before, after, obligations } = clause;
  return (
    <article className="fill-row">
      <h3>
        <span className="clause-number">{number}</span> {heading} <span className="mark">{change}</span>
      </h3>
      {(before !== null || after !== null) && (
        <div className="compared">
          <div>
            <h4>Texto vigente</h4>
            {before === null ? <p className="quiet">No estaba.</p> : <Marked parts={before} />}
          </div>
          <div>
            <h4>Con la adenda</h4>
            {after === null ? <p className="quiet">Deja de estar.</p> : <Marked parts={after} />}
          </div>
        </div>
      )}
      {obligations.length > 0 && (
        <ul className="obligations">
          {obligations.map((obligation) => (
            <li key={obligation.ref}>
              <p>
                <strong>{obligation.title}</strong> <span className="mark">{obligation.change}</span>
              </p>
              <p className="quiet">{[obligation.ref, ...obligation.details].join(' · ')}</p>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

/** Removed and added words are also said, for those who do not see how they are marked. */
function Marked({ parts }: { parts: DiffPart[] }) {
  return (
    <p className="clause-text">
      {parts.map(({ kind, text }, index) => {
        if (kind === 'removed') return <del key={index}>{text}</del>;
        if (kind === 'added') return <ins key={index}>{text}</ins>;
        return <span key={index}>{text}</span>;
      })}
    </p>
  );
}
