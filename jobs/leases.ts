// The leases of a batch of mails: renewed while it is under way, so that a dead sender's are free within a minute.
import type { Db } from '../db/client.ts';
import { LEASE_SECONDS, renewLeases, type ClaimedMessage } from '../db/messages.ts';

export interface Leases {
  /**
   * Whether they still hold, by this process's own steady clock: one that was frozen must not go on sending what
   * another may have taken over.
   */
  held(): boolean;
  /** Ends the renewal. */
  release(): void;
}

/** Keeps the leases of messages that were claimed just now. While the database is away nobody else can take them. */
export function holdLeases(db: Db, claims: readonly ClaimedMessage[]): Leases {
  const tokens = claims.map(({ lease_token }) => lease_token);
  let until = performance.now() + LEASE_SECONDS * 1000;
  const timer = setInterval(() => {
    const asked = performance.now();
    renewLeases(db, tokens).then(
      () => (until = asked + LEASE_SECONDS * 1000),
      () => undefined,
    );
  }, LEASE_SECONDS * 250);
  return { held: () => performance.now() < until, release: () => clearInterval(timer) };
}
