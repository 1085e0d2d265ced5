// One search over everything somebody may see: obligations, clauses, reports by folio and closed cuts.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { FoundText } from '../components/found-text.tsx';
import { Field } from '../components/form.tsx';
import { instrumentPath } from '../components/instrument-words.ts';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { MissingPage, PageLinks, pagingOf, type Paging } from '../components/paging.tsx';
import { shortDay } from '../domain/agenda.ts';
import { parseFreeText, visibleText } from '../domain/free-text.ts';
import { listPage, pageAsked, type Stretch } from '../domain/list-page.ts';
import type { Moment } from '../domain/moment.ts';
import { formatShortDate, localDate, type Parsed } from '../domain/plain-date.ts';
import {
  excerpt,
  LONGEST_SEARCH,
  markFound,
  parseSearch,
  type Piece,
  type Search,
} from '../domain/search.ts';
import { searchClauses, searchCuts, searchObligations, searchReports, type Found } from '../../db/search.ts';
import type { Db } from '../../db/client.ts';
import type { Actor } from '../../db/people.ts';
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
  count: number;
  /** There are more than were counted. */
  more: boolean;
  /** Where all of them are, when not all are shown. */
  all: string | null;
}

function readSearch(params: URLSearchParams): Parsed<string> {
  const [typed = '', ...more] = params.getAll('q');
  if (more.length > 0) return { ok: false, message: 'Campo repetido: q' };
  const text = parseFreeText(typed, { max: LONGEST_SEARCH, line: true });
  if (!text.ok || text.value === '' || parseSearch(text.value).terms.length > 0) return text;
  return { ok: false, message: 'Escribe al menos una letra o un número' };
}

/** What is searched, in the order it is shown, each by the name its own list has in an address. */
const KINDS = {
  obligaciones: 'Obligaciones',
  clausulas: 'Cláusulas y numerales',
  reportes: 'Reportes y acuses',
  cortes: 'Informes cerrados',
};
type Kind = keyof typeof KINDS;

const RESULTS_PER_PAGE = 50;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'search');
  const params = new URL(request.url).searchParams;
  const read = readSearch(params);
  const typed = read.ok ? read.value : visibleText((params.get('q') ?? '').slice(0, LONGEST_SEARCH));
  const asked = params.get('tipo') ?? '';
  const kind = Object.keys(KINDS).find((key): key is Kind => key === asked);
  const error = !read.ok ? read.message : asked !== '' && !kind ? 'No existe ese tipo de resultado' : null;
  const page = { typed, error, groups: [] as Group[], paging: null as Paging | null };
  if (error !== null || typed === '') return data(page, { status: error === null ? 200 : 400 });
  const searches = searchesFor(context.db, actor, moment, typed);
  if (kind === undefined) {
    const groups = await Promise.all(Object.values(searches).map((search) => search()));
    page.groups = groups.filter(({ results }) => results.length > 0);
    return data(page);
  }
  const wanted = pageAsked(params.get('pagina') ?? '') ?? 1;
  const stretch = (number: number) => ({
    offset: (number - 1) * RESULTS_PER_PAGE,
    size: RESULTS_PER_PAGE,
  });
  const group = await searches[kind](stretch(wanted));
  const leaf = listPage(params.get('pagina') ?? '', group.count, RESULTS_PER_PAGE);
  const shown = leaf.number === wanted ? group : await searches[kind](stretch(leaf.number));
  page.groups = shown.count === 0 ? [] : [shown];
  page.paging = pagingOf(leaf, (number) => searchPath(typed, kind, number));
  return data(page);
}

/** The list of one kind alone, from its first page or another. */
function searchPath(typed: string, kind: Kind, number = 1): string {
  const params = new URLSearchParams({ q: typed, tipo: kind });
  if (number > 1) params.set('pagina', String(number));
  return `/buscar?${params.toString()}`;
}

/** One search for each kind: of the best few together with the others, or of a stretch of its own list. */
function searchesFor(db: Db, actor: Actor, moment: Moment, typed: string) {
  const search = parseSearch(typed);
  const about = (...parts: (string | null)[]) => parts.filter(Boolean).join(' · ');
  const group = <Row,>(kind: Kind, found: Found<Row>, view: (row: Row) => Result) => ({
    key: kind,
    title: KINDS[kind],
    results: found.rows.map(view),
    count: found.count,
    more: found.more,
    all: found.rows.length < found.count ? searchPath(typed, kind) : null,
  });
  return {
    obligaciones: async (stretch?: Stretch) =>
      group('obligaciones', await searchObligations(db, search, actor, stretch), (row) => ({
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
    clausulas: async (stretch?: Stretch) =>
      group('clausulas', await searchClauses(db, search, stretch), (row) => ({
        to: `${instrumentPath(row.instrument_key, row.process_name === null ? undefined : row.process_key)}#clausula-${row.id}`,
        title: markFound(`${row.number} ${row.heading}`, search),
        about: about(row.instrument_title, row.process_name),
        excerpt: row.text === null ? [] : excerpt(row.text, search),
      })),
    reportes: async (stretch?: Stretch) =>
      group('reportes', await searchReports(db, typed, search, actor, stretch), (row) => ({
        to: `/acuses/${row.folio}`,
        title: markFound(`${row.folio} ${visibleText(row.document_number)}`, withFolio(search, row.folio)),
        about: about(row.area_name, `recibido el ${formatShortDate(localDate(row.recorded_at))}`),
        excerpt: markFound(`${row.ref} ${row.title}`, search),
      })),
    cortes: async (stretch?: Stretch) =>
      group('cortes', await searchCuts(db, search, actor, stretch), (row) => ({
        to: `/informe/vencidas?folio=${row.folio}`,
        title: markFound(row.folio, search),
        about: `corte ${instantWords(row.cut_at)}`,
        excerpt: [],
      })),
  } satisfies Record<Kind, (stretch?: Stretch) => Promise<Group>>;
}

/** `r 187` finds R-0187, whose digits it does not spell. */
const withFolio = (search: Search, folio: string): Search =>
  search.terms[0]?.word === 'r' ? parseSearch(folio) : search;

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.typed ? `Buscar «${page.typed}»` : 'Buscar'} · Seguimiento de Convenios` },
];

export default function SearchPage() {
  const { typed, error, groups, paging } = useLoaderData<typeof loader>();
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
      {paging && (
        <p className="filter-result">
          <Link to={`/buscar?${new URLSearchParams({ q: typed }).toString()}`}>Ver todo lo encontrado</Link>
        </p>
      )}
      {paging && <MissingPage {...paging} />}
      {groups.map((group) => (
        <section key={group.key} aria-labelledby={group.key}>
          <h2 id={group.key} className="section-title">
            {group.title}{' '}
            <span className="count">
              {group.more && 'más de '}
              {group.count.toLocaleString('es-MX')}
            </span>
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
          {paging ? (
            <PageLinks {...paging} />
          ) : (
            group.all && (
              <p>
                <Link to={group.all}>
                  Ver todos <span className="unseen">en {group.title}</span>
                </Link>
              </p>
            )
          )}
        </section>
      ))}
    </>
  );
}
