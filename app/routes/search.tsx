// One search over everything somebody may see: obligations, clauses, reports by folio and closed cuts.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { FoundText } from '../components/found-text.tsx';
import { Field } from '../components/form.tsx';
import { instrumentPath } from '../components/instrument-words.ts';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { shortDay } from '../domain/agenda.ts';
import { parseFreeText, visibleText } from '../domain/free-text.ts';
import { formatShortDate, localDate, type Parsed } from '../domain/plain-date.ts';
import {
  excerpt,
  LONGEST_SEARCH,
  markFound,
  parseSearch,
  type Piece,
  type Search,
} from '../domain/search.ts';
import {
  searchClauses,
  searchCuts,
  searchObligations,
  searchReports,
  type Found as FoundRows,
} from '../../db/search.ts';
import { requireActor } from '../server/access.ts';
import { obligationPath } from '../server/obligation-access.ts';

interface Result {
  to: string;
  title: Piece[];
  /** What it is, before the words it was found in. */
  about: string;
  excerpt: Piece[];
}

interface Group {
  key: string;
  title: string;
  results: Result[];
  count: string;
  /** How many of how many are shown, when not all are. */
  note: string | null;
}

function readSearch(params: URLSearchParams): Parsed<string> {
  const [typed = '', ...more] = params.getAll('q');
  if (more.length > 0) return { ok: false, message: 'Campo repetido: q' };
  const text = parseFreeText(typed, { max: LONGEST_SEARCH, line: true });
  if (!text.ok || text.value === '' || parseSearch(text.value).terms.length > 0) return text;
  return { ok: false, message: 'Escribe al menos una letra o un número' };
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'search');
  const { db } = context;
  const params = new URL(request.url).searchParams;
  const read = readSearch(params);
  const typed = read.ok ? read.value : visibleText((params.get('q') ?? '').slice(0, LONGEST_SEARCH));
  const page = { typed, error: read.ok ? null : read.message, groups: [] as Group[] };
  if (!read.ok || typed === '') return data(page, { status: read.ok ? 200 : 400 });
  const search = parseSearch(typed);
  const [obligations, clauses, reports, cuts] = await Promise.all([
    searchObligations(db, search, actor),
    searchClauses(db, search),
    searchReports(db, typed, search, actor),
    searchCuts(db, search, actor),
  ]);
  const about = (...parts: (string | null)[]) => parts.filter(Boolean).join(' · ');
  page.groups = [
    groupOf('obligaciones', 'Obligaciones', obligations, (row) => ({
      to: obligationPath(row),
      title: markFound(`${row.ref} ${row.title}`, search),
      about: about(
        row.area_name,
        `numeral ${row.clause_number}`,
        row.due_on && `vence el ${shortDay(row.due_on, moment.today)}`,
        row.process_name,
      ),
      excerpt: excerpt(row.description, search),
    })),
    groupOf('clausulas', 'Cláusulas y numerales', clauses, (row) => ({
      to: `${instrumentPath(row.instrument_key, row.process_name === null ? undefined : row.process_key)}#clausula-${row.id}`,
      title: markFound(`${row.number} ${row.heading}`, search),
      about: about(row.instrument_title, row.process_name),
      excerpt: row.text === null ? [] : excerpt(row.text, search),
    })),
    groupOf('reportes', 'Reportes y acuses', reports, (row) => ({
      to: `/acuses/${row.folio}`,
      title: markFound(`${row.folio} ${visibleText(row.document_number)}`, withFolio(search, row.folio)),
      about: about(row.area_name, `recibido el ${formatShortDate(localDate(row.recorded_at))}`),
      excerpt: markFound(`${row.ref} ${row.title}`, search),
    })),
    groupOf('cortes', 'Informes cerrados', { rows: cuts, count: cuts.length, more: false }, (row) => ({
      to: `/informe/vencidas?folio=${row.folio}`,
      title: markFound(row.folio, search),
      about: `corte ${instantWords(row.cut_at)}`,
      excerpt: [],
    })),
  ].filter(({ results }) => results.length > 0);
  return data(page);
}

/** `r 187` finds R-0187, whose digits it does not spell. */
const withFolio = (search: Search, folio: string): Search =>
  search.terms[0]?.word === 'r' ? parseSearch(folio) : search;

function groupOf<Row>(
  key: string,
  title: string,
  { rows, count, more }: FoundRows<Row>,
  view: (row: Row) => Result,
): Group {
  const all = more ? `más de ${count}` : String(count);
  return {
    key,
    title,
    results: rows.map(view),
    count: all,
    note:
      rows.length < count
        ? `Se muestran ${rows.length} de ${all}; agrega palabras para acercarte a lo que buscas.`
        : null,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.typed ? `Buscar «${page.typed}»` : 'Buscar'} · Seguimiento de Convenios` },
];

export default function SearchPage() {
  const { typed, error, groups } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Buscar">
        <Form method="get" action="/buscar" className="search-page-form" aria-label="Buscar otra cosa">
          <Field
            name="q"
            label="Qué buscas"
            hint="Palabras, una clave (AT-C-4), un numeral, un folio (R-0187) o el número de un oficio. Los acentos y guiones no importan."
            error={error ?? undefined}
          >
            {(control) => (
              <input {...control} type="search" defaultValue={typed} key={typed} maxLength={LONGEST_SEARCH} />
            )}
          </Field>
          <button type="submit" className="button">
            Buscar
          </button>
        </Form>
      </PageHeader>
      {typed !== '' && !error && groups.length === 0 && (
        <EmptyState>
          Nada de lo que puedes ver dice <em>{typed}</em>. Prueba con menos palabras o con la clave de la
          obligación.
        </EmptyState>
      )}
      {groups.map((group) => (
        <section key={group.key} aria-labelledby={group.key}>
          <h2 id={group.key} className="section-title">
            {group.title} <span className="count">{group.count}</span>
          </h2>
          <ul className="found">
            {group.results.map((result) => (
              <li key={result.to}>
                <Link to={result.to} className="line-title">
                  <FoundText pieces={result.title} />
                </Link>
                <p className="quiet">{result.about}</p>
                {result.excerpt.length > 0 && (
                  <p>
                    <FoundText pieces={result.excerpt} />
                  </p>
                )}
              </li>
            ))}
          </ul>
          {group.note && <p className="quiet">{group.note}</p>}
        </section>
      ))}
    </>
  );
}
