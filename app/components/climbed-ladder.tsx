// Which ladder of notices a deadline or an obligation climbs: its name, since when, and its rungs in one line.
import { Link } from '@remix-run/react';
import { CLASS_WORDS } from '../domain/ladder-form.ts';
import { ladderWords, periods, type Ladder, type LadderClass } from '../domain/ladder.ts';
import { formatLongDate, type IsoDate } from '../domain/plain-date.ts';

export interface LadderView {
  name: string;
  /** `desde el inicio`, `desde el lunes 20 de mayo de 2024`. */
  since: string;
  /** Null for a ladder without rungs. */
  rungs: string | null;
  /** Its page, for who may see it. */
  to: string | null;
}

/** The ladder as it stands on `today`. */
export function viewLadder(
  ladder: { process_key: string; class: LadderClass; versions: Ladder; changed_on: IsoDate | null },
  today: IsoDate,
  visible: boolean,
): LadderView {
  const now = periods(ladder.versions).find(
    ({ from, until }) => from <= today && (until === null || today < until),
  );
  // The version every ladder begins with has always been in force.
  const written = now !== undefined && now.version !== ladder.versions[0] ? now.from : null;
  const since = [ladder.changed_on, written]
    .filter((day) => day !== null)
    .sort()
    .at(-1);
  const asked = new URLSearchParams({ proceso: ladder.process_key, clase: ladder.class });
  return {
    name: CLASS_WORDS[ladder.class],
    since: since === undefined ? 'desde el inicio' : `desde el ${formatLongDate(since)}`,
    rungs: now && now.version.rungs.length > 0 ? ladderWords(now.version.rungs) : null,
    to: visible ? `/ajustes/escaleras?${asked.toString()}` : null,
  };
}

export function ClimbedLadder({ name, since, rungs, to }: LadderView) {
  return (
    <p className="prose">
      Escalera «{to ? <Link to={to}>{name}</Link> : name}», {since}:{' '}
      {rungs ? `avisa ${rungs}.` : 'no avisa de nada.'}
    </p>
  );
}
