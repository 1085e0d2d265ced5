// What the calendar is asked for, as it stands in its address: every link keeps it, nothing else does.
import type { DeadlineStatus } from '../domain/deadline-status.ts';
import { parseFreeText } from '../domain/free-text.ts';
import { FIRST_YEAR, LAST_YEAR, parseIsoDate } from '../domain/plain-date.ts';

const NAMES = [
  'proceso',
  'vista',
  'mes',
  'semana',
  'anio',
  'dia',
  'desde',
  'hasta',
  'prepara',
  'area',
  'instrumento',
  'estado',
  'obligado',
  'duda',
  'texto',
  'corte',
  'pagina',
  'ver',
  'elegir',
] as const;
export type CalendarField = (typeof NAMES)[number];

/** The address in its own words; what was not asked is empty. */
export type CalendarQuery = Record<CalendarField, string>;

/** The calendar asked nothing in particular. */
export const NOTHING = Object.fromEntries(NAMES.map((name) => [name, ''])) as CalendarQuery;

/** No view and no place in it, to be merged over an address that keeps its filters. */
export const NO_PLACE = {
  vista: '',
  mes: '',
  semana: '',
  anio: '',
  dia: '',
  desde: '',
  hasta: '',
  prepara: '',
  pagina: '',
  ver: '',
  elegir: '',
} as const satisfies Partial<CalendarQuery>;

/** The state that stands for every one in which something is still to be done. */
export const OPEN_KEY = 'abierta';

export const STATUS_KEYS = {
  vencida: 'overdue',
  'por-vencer': 'due_soon',
  'en-plazo': 'on_track',
  'en-revision': 'in_review',
  'en-espera': 'waiting',
  'concluida-en-plazo': 'concluded_on_time',
  'concluida-fuera-de-plazo': 'concluded_late',
  exceptuada: 'waived',
} as const satisfies Record<string, DeadlineStatus>;

export const OBLIGOR_KEYS = { iem: 'IEM', ine: 'INE', ambos: 'both' } as const;
export const DOUBT_KEYS = { provisional: 'provisional', 'por-cotejar': 'unverified' } as const;

/** Reads an address. A value that is not among those it may take is an error under its name. */
export function readCalendarQuery(
  params: URLSearchParams,
  known: { areas: string[]; instruments: string[] },
): { query: CalendarQuery; errors: Partial<CalendarQuery> } {
  const query = Object.fromEntries(
    NAMES.map((name) => [name, params.get(name)?.trim() ?? '']),
  ) as CalendarQuery;
  const errors: Partial<CalendarQuery> = {};
  const expect = (name: CalendarField, values: string[], message: string) => {
    if (query[name] !== '' && !values.includes(query[name])) errors[name] = message;
  };
  for (const name of NAMES) if (params.getAll(name).length > 1) errors[name] = `Campo repetido: ${name}`;
  expect('vista', ['agenda', 'mes', 'semanas', 'año'], 'No existe esa vista');
  expect('estado', [OPEN_KEY, ...Object.keys(STATUS_KEYS)], 'No existe ese estado');
  expect('obligado', Object.keys(OBLIGOR_KEYS), 'Elige IEM, INE o ambos');
  expect('duda', Object.keys(DOUBT_KEYS), 'No existe ese filtro');
  expect('area', known.areas, 'No existe esa área');
  expect('instrumento', known.instruments, 'No existe ese instrumento');
  for (const name of ['dia', 'semana', 'desde', 'hasta', 'prepara'] as const) {
    const day = parseIsoDate(query[name]);
    if (query[name] !== '' && !day.ok) errors[name] = day.message;
  }
  if (query.desde !== '' && query.hasta !== '' && query.hasta < query.desde)
    errors.hasta ??= 'El último día es anterior al primero';
  if (query.anio !== '' && !parseIsoDate(`${query.anio}-01-01`).ok)
    errors.anio = `Escribe un año entre ${FIRST_YEAR} y ${LAST_YEAR}`;
  if (query.ver !== '' && !/^[1-9]\d{0,14}$/.test(query.ver)) errors.ver = 'No existe ese vencimiento';
  expect('elegir', ['algunos', 'todos'], 'Elige algunos o todos');
  const text = parseFreeText(query.texto, { max: 120, line: true });
  if (!text.ok) errors.texto = text.message;
  return { query, errors };
}

/** The address of the calendar asked that, with some of it changed; an empty value drops out. */
export function calendarPath(query: CalendarQuery, changes: Partial<CalendarQuery> = {}): string {
  const asked = { ...query, ...changes };
  const params = new URLSearchParams(
    NAMES.flatMap((name) => (asked[name] === '' ? [] : [[name, asked[name]]])),
  );
  return params.size === 0 ? '/calendario' : `/calendario?${params.toString()}`;
}

/** What a saved view keeps of an address: what the calendar knows, always written the same way, and nothing opened. */
export function savedQuery(search: string): string {
  const params = new URLSearchParams(search);
  const kept = Object.fromEntries(NAMES.map((name) => [name, params.get(name)?.trim() ?? '']));
  return calendarPath({ ...NOTHING, ...kept, pagina: '', ver: '', elegir: '' }).replace(
    /^\/calendario\??/,
    '',
  );
}
