// The filters of the calendar: a form whose answer is an address, so that every view can be kept and shared.
import { Form, Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { STATUS_WORDS } from '../domain/deadline-status.ts';
import { calendarPath, NOTHING, OPEN_KEY, STATUS_KEYS, type CalendarQuery } from './calendar-query.ts';
import { DateInput, Field, Select, type Option } from './form.tsx';

interface Props {
  query: CalendarQuery;
  errors: Partial<CalendarQuery>;
  options: { processes: Option[]; areas: Option[]; instruments: Option[] };
  today: string;
  matching: number;
  total: number;
  /** What stands at the end of the bar. */
  children?: ReactNode;
}

const STATUSES: Option[] = [
  { key: OPEN_KEY, name: 'Abierta' },
  ...Object.entries(STATUS_KEYS).map(([key, status]) => ({ key, name: STATUS_WORDS[status].word })),
];
const OBLIGORS: Option[] = [
  { key: 'iem', name: 'IEM' },
  { key: 'ine', name: 'INE' },
  { key: 'ambos', name: 'Ambos' },
];

/** Where one is in the calendar, which filtering does not change. */
const PLACE = ['vista', 'mes', 'semana', 'anio', 'desde', 'hasta', 'prepara', 'duda'] as const;

/** The address without any filter; the process, the view and the place in it stay. */
export function unfiltered({ proceso, vista, mes, semana, anio }: CalendarQuery): string {
  return calendarPath(NOTHING, { proceso, vista, mes, semana, anio });
}

/** The filters in force, as people would say them. */
export function filterWords(query: CalendarQuery, options: Props['options']): string {
  const name = (list: Option[], key: string) => list.find((option) => option.key === key)?.name;
  return [
    name(options.areas, query.area),
    name(options.instruments, query.instrumento),
    name(STATUSES, query.estado),
    name(OBLIGORS, query.obligado) && `a cargo de: ${name(OBLIGORS, query.obligado)}`,
    query.duda === 'provisional' && 'fecha provisional',
    query.duda === 'por-cotejar' && 'por cotejar',
    query.texto && `«${query.texto}»`,
  ]
    .filter(Boolean)
    .join(' · ');
}

export function FilterBar({ query, errors, options, today, matching, total, children }: Props) {
  const words = filterWords(query, options);
  const filtered = words !== '' || query.corte !== '';
  const choose = (
    name: 'proceso' | 'area' | 'instrumento' | 'estado' | 'obligado',
    label: string,
    any: string | undefined,
    list: Option[],
  ) => (
    <Field name={name} label={label} error={errors[name]}>
      {(control) => (
        <Select control={control} value={query[name]} none={any} options={list} key={query[name]} />
      )}
    </Field>
  );
  return (
    <Form
      method="get"
      action="/calendario"
      className="filters"
      role="search"
      aria-label="Filtrar el calendario"
    >
      {PLACE.map((name) => query[name] && <input key={name} type="hidden" name={name} value={query[name]} />)}
      <div className="filter-fields">
        {options.processes.length > 0 && choose('proceso', 'Proceso', undefined, options.processes)}
        {choose('area', 'Área', 'Todas', options.areas)}
        {choose('instrumento', 'Instrumento', 'Todos', options.instruments)}
        {choose('estado', 'Estado', 'Todos', STATUSES)}
        {choose('obligado', 'Obligado', 'INE e IEM', OBLIGORS)}
        <Field name="texto" label="Buscar" error={errors.texto}>
          {(control) => (
            <input
              {...control}
              type="search"
              defaultValue={query.texto}
              key={query.texto}
              maxLength={120}
              placeholder="AT-C-4, bodegas…"
            />
          )}
        </Field>
        <Field name="corte" label="Corte" error={errors.corte}>
          {(control) => <DateInput control={control} value={query.corte} max={today} key={query.corte} />}
        </Field>
      </div>
      <div className="filter-result">
        <button type="submit" className="button button-quiet">
          Filtrar
        </button>
        {Object.keys(errors).length === 0 && (
          <output>
            {matching} de {total} vencimientos
          </output>
        )}
        {words && <span className="quiet">{words}</span>}
        {filtered && <Link to={unfiltered(query)}>Quitar filtros</Link>}
        {children}
      </div>
    </Form>
  );
}
