// A second proof at the log-in, for who wants it: the codes of an authenticator application, and codes to recover with.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table second_factor (
      id bigint generated always as identity primary key,
      person_id bigint not null references person (id),
      -- Base32, 160 bits; needed in clear to compute what the application shows.
      secret text not null check (secret ~ '^[A-Z2-7]{32}$'),
      created_at timestamptz not null,
      -- Asked for from then on; until then its owner has not shown that the application has it.
      confirmed_at timestamptz,
      -- Time step (RFC 6238) of the newest code that was taken: it and those before are no longer good.
      last_step bigint not null default 0,
      -- Of the hashes of its recovery codes.
      salt text not null,
      revoked_at timestamptz,
      revoked_by bigint references person (id),
      check ((revoked_at is null) = (revoked_by is null))
    );
    create unique index one_second_factor on second_factor (person_id) where revoked_at is null;
    create table recovery_code (
      second_factor_id bigint not null references second_factor (id),
      code_hash text not null,
      used_at timestamptz,
      primary key (second_factor_id, code_hash)
    );
    -- Who has answered the code of the mail and not yet the second one.
    create table half_login (
      token_hash text primary key,
      person_id bigint not null references person (id),
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz
    );
    -- Every code that was tried and was not good, so that guessing has an end whoever asks and however often.
    create table second_factor_miss (
      person_id bigint not null references person (id),
      missed_at timestamptz not null
    );
    create index on second_factor_miss (person_id, missed_at);
  `.execute(db);
}
