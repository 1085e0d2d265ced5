// Who holds the address that comes in the mails somebody may do without, and which of them they take.
import type { Db } from './client.ts';

const TOKEN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface OptionalMails {
  person_id: number;
  /** Whether the weekly mail goes out. */
  weekly: boolean;
  /** Whether calendar invitations do. */
  invited: boolean;
}

/** Whose mails carry that token, and what they take; undefined when it is nobody's. */
export async function findByMailToken(db: Db, token: string): Promise<OptionalMails | undefined> {
  if (!TOKEN.test(token)) return undefined;
  const person = await db
    .selectFrom('person')
    .where('weekly_token', '=', token)
    .where('disabled_at', 'is', null)
    .select(['id', 'weekly_off_at', 'invited_since'])
    .executeTakeFirst();
  return (
    person && {
      person_id: person.id,
      weekly: person.weekly_off_at === null,
      invited: person.invited_since !== null,
    }
  );
}
