// The filter an address of the calendar asks for, as the queries take it.
import {
  DOUBT_KEYS,
  OBLIGOR_KEYS,
  OPEN_KEY,
  STATUS_KEYS,
  type CalendarQuery,
} from '../components/calendar-query.ts';
import { FIRST_YEAR, LAST_YEAR } from '../domain/plain-date.ts';
import { mondayOf } from '../domain/weeks.ts';
import type { DeadlineFilter } from '../../db/deadlines.ts';

const keyOf = <Value>(keys: Record<string, Value>, key: string): Value | undefined =>
  Object.hasOwn(keys, key) ? keys[key] : undefined;

/** Expects an address without errors; what was not asked leaves its part of the filter out. */
export function filterOf(query: CalendarQuery): DeadlineFilter {
  const status = keyOf(STATUS_KEYS, query.estado);
  const obligor = keyOf(OBLIGOR_KEYS, query.obligado);
  const doubt = keyOf(DOUBT_KEYS, query.duda);
  return {
    ...(query.proceso && { process: query.proceso }),
    ...(query.area && { area: query.area }),
    ...(query.instrumento && { instrument: query.instrumento }),
    ...(status && { status }),
    ...(query.estado === OPEN_KEY && { open: true as const }),
    ...(obligor && { obligor }),
    ...(doubt && { doubt }),
    ...(query.texto && { text: query.texto }),
    ...(query.prepara && { preparing: mondayOf(query.prepara) }),
    ...((query.desde || query.hasta) && {
      due: { from: query.desde || `${FIRST_YEAR}-01-01`, to: query.hasta || `${LAST_YEAR}-12-31` },
    }),
  };
}
