// What somebody orders about deadlines they chose together, after being shown what it would do.
import { createHash } from 'node:crypto';

export interface ChosenOrder {
  deadline_ids: readonly number[];
  reason: string;
  /** The fingerprint of what the person was shown. */
  seen: string;
  person_id: number;
}

export type ChosenOutcome =
  | { kind: 'done'; obligations: number }
  | { kind: 'not_found' }
  /** Things stand no longer as the person was shown. */
  | { kind: 'changed' };

/** Of what is shown: the same only while all of it is the same. */
export function fingerprintOf(shown: unknown): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}
