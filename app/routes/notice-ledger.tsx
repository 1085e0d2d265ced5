// The ledger of notices: every one of them, in which state it is, and the mail that carried it.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { Counters } from '../components/counters.tsx';
import { DateInput, Field, Select, type Option } from '../components/form.tsx';
import { NoticeTable } from '../components/notice-ledger.tsx';
import { viewNotice } from '../components/notice-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { MissingPage, PageLinks, pagingOf } from '../components/paging.tsx';
import { listPage } from '../domain/list-page.ts';
import { NOTICE_STANDINGS, STANDING_WORDS } from '../domain/notice-standing.ts';
import { listResponsibleAreas } from '../../db/deadlines.ts';
import { countLedger, listLedger, listToldPeople } from '../../db/notice-ledger.ts';
import { requireActor } from '../server/access.ts';
import { areaOptions } from '../server/area-options.ts';
import { ledgerPath, readLedgerFilter } from '../server/ledger-request.ts';

const PAGE = 50;

export async function loader({ request, context }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'notice-ledger');
  const { db } = context;
  const params = new URL(request.url).searchParams;
  const [areas, people] = await Promise.all([listResponsibleAreas(db), listToldPeople(db)]);
  const { typed, filter, errors } = readLedgerFilter(params, { areas, people });
  const wrong = Object.keys(errors).length > 0;
  const counts = await countLedger(db, { ...filter, standing: undefined });
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const matching = filter.standing ? (counts.get(filter.standing) ?? 0) : all;
  const page = listPage(params.get('pagina') ?? '', matching, PAGE);
  const notices = wrong ? [] : await listLedger(db, filter, page);
  const answer = {
    typed,
    errors,
    areas: areaOptions(areas),
    people: people.map(({ id, name }) => ({ key: String(id), name })),
    counters: NOTICE_STANDINGS.filter((standing) => counts.has(standing) || standing === filter.standing).map(
      (standing) => ({
        label: STANDING_WORDS[standing].word,
        count: counts.get(standing) ?? 0,
        to: ledgerPath({ ...typed, estado: STANDING_WORDS[standing].key }),
      }),
    ),
    all: { count: all, to: ledgerPath({ ...typed, estado: '' }) },
    matching: wrong ? null : matching,
    paging: pagingOf(page, (number) => ledgerPath(typed, number)),
    notices: notices.map(viewNotice),
  };
  return data(answer, { status: wrong ? 400 : 200 });
}

export const meta: MetaFunction = () => [{ title: 'Libro de avisos · Seguimiento de Convenios' }];

export default function NoticeLedgerPage() {
  const { typed, errors, areas, people, counters, all, matching, notices, paging } =
    useLoaderData<typeof loader>();
  const filtered = Object.values(typed).some((value) => value !== '');
  const choose = (
    name: 'estado' | 'clase' | 'area' | 'persona',
    label: string,
    any: string,
    list: Option[],
  ) => (
    <Field name={name} label={label} error={errors[name]}>
      {(control) => (
        <Select control={control} value={typed[name]} none={any} options={list} key={typed[name]} />
      )}
    </Field>
  );
  return (
    <>
      <PageHeader title="Libro de avisos">
        <p className="lead">
          Todos los avisos sobre vencimientos: a quién, cuándo, y qué respondió el servidor de correo.
        </p>
      </PageHeader>
      <Form method="get" action="/avisos" className="filters" role="search" aria-label="Filtrar el libro">
        {typed.proceso && <input type="hidden" name="proceso" value={typed.proceso} />}
        <div className="filter-fields">
          {choose('estado', 'Estado', 'Todos', STATES)}
          {choose('clase', 'Clase', 'Todas', KINDS)}
          {choose('area', 'Área responsable', 'Todas', areas)}
          {choose('persona', 'Persona', 'Todas', people)}
          <Field name="obligacion" label="Obligación (clave)" error={errors.obligacion}>
            {(control) => (
              <input
                {...control}
                defaultValue={typed.obligacion}
                key={typed.obligacion}
                placeholder="AT-C-4"
              />
            )}
          </Field>
          <Field name="desde" label="Desde" error={errors.desde}>
            {(control) => <DateInput control={control} value={typed.desde} key={typed.desde} />}
          </Field>
          <Field name="hasta" label="Hasta" error={errors.hasta}>
            {(control) => <DateInput control={control} value={typed.hasta} key={typed.hasta} />}
          </Field>
        </div>
        <p className="filter-result">
          <button className="button button-quiet">Filtrar</button>
          {matching !== null && <output>{matching === 1 ? '1 aviso' : `${matching} avisos`}</output>}
          {filtered && <Link to="/avisos">Quitar filtros</Link>}
        </p>
      </Form>
      <Counters
        name="Avisos por estado"
        counters={[{ label: 'En total', count: all.count, to: all.to }, ...counters]}
      />
      <MissingPage {...paging} />
      {notices.length === 0 ? (
        matching !== null && (
          <EmptyState>
            {filtered ? 'Ningún aviso coincide con los filtros.' : 'Todavía no se ha planeado ningún aviso.'}
          </EmptyState>
        )
      ) : (
        <NoticeTable notices={notices} name="Avisos, el más reciente primero" deadlines mails />
      )}
      {matching !== null && <PageLinks {...paging} />}
    </>
  );
}

const STATES = NOTICE_STANDINGS.map((standing) => ({
  key: STANDING_WORDS[standing].key,
  name: STANDING_WORDS[standing].word,
}));
const KINDS = [
  { key: 'recordatorio', name: 'Recordatorios' },
  { key: 'escalamiento', name: 'Escalamientos' },
];
