// Closing a notice writes its row and no index: a morning closes thousands.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- An update that changes nothing an index knows, its condition included, stays in the page of the row (HOT). So the
    -- notices that wait for a mail are told by what closing one as accepted does not touch, and no index counts the
    -- planned ones: they are those, and those of the mails that have not left.
    drop index notice_still_planned, notice_without_message;
    create index notice_without_message on notice (person_id) where message_id is null and reason is null;
    -- Room in each page for a second version of all its rows: those of a morning are planned, and closed, together.
    alter table notice set (fillfactor = 50);
  `.execute(db);
}
