// Searching in Spanish without accents, and the views of the calendar that a person keeps.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The twin of foldText in app/domain/search.ts: letters without accents or case, everything else one space.
    -- Capitals are spelled out because lower() leaves accented ones alone where the database's locale is C.
    create function folded(words text) returns text language sql immutable parallel safe strict
      return btrim(regexp_replace(
        translate(lower(words), 'áàâäãéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ',
          'aaaaaeeeeiiiiooooouuuuncaaaaaeeeeiiiiooooouuuunc'),
        '[^a-z0-9]+', ' ', 'g'));
    -- No text of ours is that long; one that is would not fit an index.
    create function search_words(words text) returns tsvector language sql immutable parallel safe strict
      return to_tsvector('simple', folded(left(words, 100000)));

    -- Kept beside the rows: computing them is dear, and a planner that scans would do it for every row.
    alter table obligation add words tsvector generated always as (search_words(
      ref || ' ' || title || ' ' || description || ' ' || subject || ' ' || evidence_expected || ' ' || legal_basis))
      stored;
    create index obligation_words on obligation using gin (words);
    create index obligation_folded_ref on obligation (folded(ref));
    alter table clause add words tsvector generated always as (search_words(
      'cláusula numeral ' || number || ' ' || heading || ' ' || coalesce(text, '') || ' ' || coalesce(summary, '')
      || ' ' || coalesce(deliverable, ''))) stored;
    create index clause_words on clause using gin (words);
    create index clause_folded_number on clause (folded(number));
    alter table submission add words tsvector generated always as (search_words(document_number)) stored;
    create index submission_words on submission using gin (words);

    create table saved_view (
      id bigint generated always as identity primary key,
      person_id bigint not null references person (id),
      name text not null check (btrim(name) <> '' and length(name) <= 60),
      -- The calendar's own words after the question mark, as its address writes them.
      query text not null check (length(query) <= 1000),
      saved_at timestamptz not null
    );
    create unique index one_view_of_a_name on saved_view (person_id, lower(name));
  `.execute(db);
}
