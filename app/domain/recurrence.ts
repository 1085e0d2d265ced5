// Recurrences: the part of RFC 5545 that terms need, read strictly.
import { WEEKDAYS } from './rule-fields.ts';
import { parseIsoDate, type IsoDate, type Parsed } from './plain-date.ts';

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY'] as const;
const MAX_LENGTH = 500;
export const MAX_INTERVAL = 60;
export const MAX_OCCURRENCES = 500;

/** A weekday, 1 Monday to 7 Sunday, with its position in the month or year when it has one (`2WE`, `-1FR`). */
interface ByDay {
  weekday: number;
  n?: number;
}

export interface Recurrence {
  freq: (typeof FREQUENCIES)[number];
  interval: number;
  count?: number;
  until?: IsoDate;
  byMonth: number[];
  byMonthDay: number[];
  byDay: ByDay[];
  bySetPos: number[];
  /** First day of the week, 1 Monday (the default) to 7 Sunday. */
  weekStart: number;
}

class Refusal extends Error {}

/**
 * Reads an RRULE by our own grammar, so that nothing reaches the expansion that could run away: FREQ,
 * INTERVAL, COUNT or UNTIL (a date), BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS and WKST, on one line of at most
 * 500 characters. The message names part, value and what is allowed.
 */
export function parseRecurrence(rrule: string): Parsed<Recurrence> {
  try {
    return { ok: true, value: read(rrule) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: error.message };
    throw error;
  }
}

function read(text: string): Recurrence {
  if (text.length > MAX_LENGTH) throw new Refusal(`Regla demasiado larga (máx. ${MAX_LENGTH} caracteres)`);
  if (/[\r\n\u0085\u2028\u2029]/.test(text)) throw new Refusal('La regla debe ser una sola línea');
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .split(';')) {
    const [, name = '', value = ''] = /^([A-Z-]+)=(.+)$/.exec(part) ?? invalid(part, 'NOMBRE=VALOR');
    if (parts.has(name)) throw new Refusal(`${name} aparece dos veces`);
    parts.set(name, value);
  }
  const rule: Recurrence = {
    freq: 'DAILY',
    interval: 1,
    byMonth: [],
    byMonthDay: [],
    byDay: [],
    bySetPos: [],
    weekStart: 1,
  };
  if (!parts.has('FREQ')) throw new Refusal(`Falta FREQ (${FREQUENCIES.join(', ')})`);
  for (const [name, value] of parts) readPart(rule, name, value);
  checkTogether(rule, parts);
  return rule;
}

function readPart(rule: Recurrence, name: string, value: string): void {
  const part = `${name}=${value}`;
  switch (name) {
    case 'FREQ':
      rule.freq =
        FREQUENCIES.find((freq) => freq === value) ??
        invalid(part, `Sólo diario, semanal, mensual, anual: ${FREQUENCIES.join(', ')}`);
      break;
    case 'INTERVAL':
      if (!isWithin(value, 1, MAX_INTERVAL)) {
        throw new Refusal(`El intervalo debe ser un entero de 1 a ${MAX_INTERVAL} (${shorten(part)})`);
      }
      rule.interval = Number(value);
      break;
    case 'COUNT':
      if (!isWithin(value, 1, MAX_OCCURRENCES)) {
        throw new Refusal(`1 a ${MAX_OCCURRENCES} repeticiones (${shorten(part)})`);
      }
      rule.count = Number(value);
      break;
    case 'UNTIL': {
      const [, year = '', month = '', day = ''] =
        /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? invalid(part, 'AAAAMMDD');
      const end = parseIsoDate(`${year}-${month}-${day}`);
      if (!end.ok) throw new Refusal(`La fecha final no existe (${shorten(part)}): ${end.message}`);
      rule.until = end.value;
      break;
    }
    case 'BYMONTH':
      rule.byMonth = integers(name, value, 12, false);
      break;
    case 'BYMONTHDAY':
      rule.byMonthDay = integers(name, value, 31, true);
      break;
    case 'BYSETPOS':
      rule.bySetPos = integers(name, value, 366, true);
      break;
    case 'BYDAY':
      rule.byDay = value.split(',').map(weekdayEntry);
      break;
    case 'WKST':
      rule.weekStart = weekdayOf(value) || invalid(part, WEEKDAYS.join(', '));
      break;
    default:
      throw new Refusal(`${shorten(name)} no se admite`);
  }
}

/** RFC 5545 §3.3.10: which parts may stand together. */
function checkTogether(rule: Recurrence, parts: ReadonlyMap<string, string>): void {
  if (rule.count !== undefined && rule.until !== undefined) {
    throw new Refusal('Indica fecha final o número, no ambos (COUNT y UNTIL)');
  }
  if (rule.freq === 'WEEKLY' && parts.has('BYMONTHDAY')) {
    invalid(`BYMONTHDAY=${parts.get('BYMONTHDAY')}`, 'no se usa con FREQ=WEEKLY');
  }
  const range = rule.freq === 'MONTHLY' ? 5 : rule.freq === 'YEARLY' ? 53 : 0;
  if (rule.byDay.some(({ n }) => n !== undefined && Math.abs(n) > range)) {
    const allowed = range === 0 ? 'sin número' : `número de 1 a ${range} o de -${range} a -1`;
    invalid(`BYDAY=${parts.get('BYDAY')}`, `con FREQ=${rule.freq}, ${allowed}`);
  }
  if (parts.has('BYSETPOS') && !['BYMONTH', 'BYMONTHDAY', 'BYDAY'].some((name) => parts.has(name))) {
    invalid(`BYSETPOS=${parts.get('BYSETPOS')}`, 'necesita BYDAY, BYMONTHDAY o BYMONTH');
  }
}

function weekdayEntry(entry: string): ByDay {
  const allowed = `${WEEKDAYS.join(', ')}, con número de -53 a 53`;
  const [, n, name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(entry) ?? invalid(`BYDAY=${entry}`, allowed);
  const weekday = weekdayOf(name);
  if (weekday === 0 || (n !== undefined && !isWithin(n.replace(/^[+-]/, ''), 1, 53))) {
    invalid(`BYDAY=${entry}`, allowed);
  }
  return n === undefined ? { weekday } : { weekday, n: Number(n) };
}

/** 1 Monday to 7 Sunday; 0 for what is no weekday. */
function weekdayOf(name: string): number {
  return WEEKDAYS.findIndex((weekday) => weekday === name) + 1;
}

function integers(name: string, list: string, max: number, negative: boolean): number[] {
  const numbers = list.split(',').map((text) => {
    const digits = negative ? text.replace(/^[+-]/, '') : text;
    if (!isWithin(digits, 1, max)) {
      invalid(`${name}=${text}`, negative ? `1 a ${max} o -${max} a -1` : `1 a ${max}`);
    }
    return Number(text);
  });
  return [...new Set(numbers)];
}

function isWithin(digits: string, min: number, max: number): boolean {
  return /^\d{1,4}$/.test(digits) && Number(digits) >= min && Number(digits) <= max;
}

function invalid(part: string, allowed: string): never {
  throw new Refusal(`Parte no válida: ${shorten(part)} (${allowed})`);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
