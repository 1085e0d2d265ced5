// What the address of the ledger of notices asks for.
import type { Errors } from '../components/form.tsx';
import { parseFreeText } from '../domain/free-text.ts';
import { parseStanding } from '../domain/notice-standing.ts';
import { parseIsoDate } from '../domain/plain-date.ts';
import type { LedgerFilter } from '../../db/notice-ledger.ts';

export const LEDGER_FIELDS = [
  'estado',
  'clase',
  'area',
  'persona',
  'obligacion',
  'proceso',
  'desde',
  'hasta',
] as const;
export type LedgerField = (typeof LEDGER_FIELDS)[number];
export type LedgerTyped = Record<LedgerField, string>;

const KINDS = { recordatorio: 'reminder', escalamiento: 'escalation' } as const;

/** Reads the filters; what is wrong with one is said at its field and that filter is left out. */
export function readLedgerFilter(
  params: URLSearchParams,
  known: { areas: { key: string }[]; people: { id: number }[] },
): { typed: LedgerTyped; filter: LedgerFilter; errors: Errors<LedgerField> } {
  const typed = Object.fromEntries(
    LEDGER_FIELDS.map((name) => [name, params.get(name)?.trim() ?? '']),
  ) as LedgerTyped;
  const errors: Errors<LedgerField> = {};
  const standing = parseStanding(typed.estado);
  if (typed.estado !== '' && !standing) errors.estado = 'No existe ese estado';
  const kind = Object.entries(KINDS).find(([key]) => key === typed.clase)?.[1];
  if (typed.clase !== '' && !kind) errors.clase = 'Elige recordatorio o escalamiento';
  const area = known.areas.find(({ key }) => key === typed.area)?.key;
  if (typed.area !== '' && area === undefined) errors.area = 'No existe esa área';
  const person = known.people.find(({ id }) => String(id) === typed.persona)?.id;
  if (typed.persona !== '' && person === undefined)
    errors.persona = 'A esa persona no se le ha avisado de nada';
  const obligation = parseFreeText(typed.obligacion, { max: 60, line: true });
  if (!obligation.ok) errors.obligacion = obligation.message;
  const process = parseFreeText(typed.proceso, { max: 100, line: true });
  if (!process.ok) errors.obligacion = 'No existe ese proceso';
  const from = typed.desde === '' ? undefined : parseIsoDate(typed.desde);
  if (from?.ok === false) errors.desde = from.message;
  const to = typed.hasta === '' ? undefined : parseIsoDate(typed.hasta);
  if (to?.ok === false) errors.hasta = to.message;
  if (from?.ok && to?.ok && to.value < from.value) errors.hasta = 'El último día es anterior al primero';
  return {
    typed,
    errors,
    filter: {
      standing,
      kind,
      area,
      person,
      obligation: (obligation.ok && obligation.value) || undefined,
      process: (process.ok && process.value) || undefined,
      from: from?.ok ? from.value : undefined,
      to: to?.ok ? to.value : undefined,
    },
  };
}

/** The ledger's address with these filters; empty ones and a first page are left out. */
export function ledgerPath(typed: Partial<LedgerTyped>, page = 1): string {
  const params = new URLSearchParams();
  for (const name of LEDGER_FIELDS) if (typed[name]) params.set(name, typed[name]);
  if (page > 1) params.set('pagina', String(page));
  return params.size === 0 ? '/avisos' : `/avisos?${params.toString()}`;
}
