// The form with which an area reports compliance: what it must say, and what is wrong with what was typed.
import { parseFreeText } from './free-text.ts';
import { FULFILMENT_WORDS, type Fulfilment } from './fulfilment.ts';
import { MEDIUM_WORDS, type Medium } from './medium.ts';
import { localDateTime, parseIsoDate, parseTime, type IsoDate, type Parsed } from './plain-date.ts';
import type { Moment } from './moment.ts';

export const REPORT_FIELDS = [
  'fulfilment',
  'act_on',
  'act_time',
  'medium',
  'document_number',
  'note',
] as const;
export type ReportField = (typeof REPORT_FIELDS)[number];
export type TypedReport = Record<ReportField, string>;

export const EMPTY_REPORT: TypedReport = {
  fulfilment: '',
  act_on: '',
  act_time: '',
  medium: '',
  document_number: '',
  note: '',
};

export interface ReportFacts {
  fulfilment: Fulfilment;
  act_on: IsoDate;
  act_time: string | null;
  medium: Medium;
  document_number: string;
  note: string;
}

/** What a report that says less than *Totalmente* must explain. */
const NOTE_REQUIRED: Partial<Record<Fulfilment, string>> = {
  partial: 'Explica qué falta por cumplir',
  not_applicable: 'Explica por qué no se actualizó la condición',
};

/**
 * Reads the form. The act cannot be later than the moment; its hour is asked for only when the term is counted
 * in hours (`timed`). Every error is kept under the name of its field.
 */
export function parseReport(
  typed: TypedReport,
  moment: Moment,
  timed: boolean,
): { ok: true; value: ReportFacts } | { ok: false; errors: Partial<Record<ReportField, string>> } {
  const fulfilment = parseChoice(typed.fulfilment, FULFILMENT_WORDS, 'Indica si se cumplió');
  const act_on = parseActDay(typed.act_on, moment);
  const act_time = timed ? parseActTime(typed, moment) : { ok: true as const, value: null };
  const document_number = parseFreeText(typed.document_number, {
    max: 120,
    line: true,
    required: 'Escribe el número o folio del documento',
  });
  const required = fulfilment.ok ? NOTE_REQUIRED[fulfilment.value] : undefined;
  const note = parseFreeText(typed.note, { max: 4000, ...(required ? { required } : {}) });
  const medium = parseChoice(typed.medium, MEDIUM_WORDS, 'Elige el medio por el que se entregó');
  if (fulfilment.ok && act_on.ok && act_time.ok && document_number.ok && note.ok && medium.ok) {
    return {
      ok: true,
      value: {
        fulfilment: fulfilment.value,
        act_on: act_on.value,
        act_time: act_time.value,
        medium: medium.value,
        document_number: document_number.value,
        note: note.value,
      },
    };
  }
  const read = { fulfilment, act_on, act_time, medium, document_number, note };
  const errors: Partial<Record<ReportField, string>> = {};
  for (const name of REPORT_FIELDS) {
    const field = read[name];
    if (!field.ok) errors[name] = field.message;
  }
  return { ok: false, errors };
}

function parseActDay(text: string, { today }: Moment): Parsed<IsoDate> {
  if (text.trim() === '') return { ok: false, message: 'Indica la fecha del acto' };
  const day = parseIsoDate(text);
  if (day.ok && day.value > today) {
    return { ok: false, message: 'La fecha del acto no puede ser posterior a hoy' };
  }
  return day;
}

function parseActTime({ act_on, act_time }: TypedReport, { at, today }: Moment): Parsed<string> {
  if (act_time.trim() === '') return { ok: false, message: 'Indica la hora: este plazo se cuenta en horas' };
  const time = parseTime(act_time);
  if (time.ok && act_on.trim() === today && time.value > localDateTime(at).slice(11)) {
    return { ok: false, message: 'La hora del acto no puede ser posterior a este momento' };
  }
  return time;
}

function parseChoice<Choice extends string>(
  text: string,
  words: Record<Choice, string>,
  message: string,
): Parsed<Choice> {
  const choice = (Object.keys(words) as Choice[]).find((candidate) => candidate === text);
  return choice ? { ok: true, value: choice } : { ok: false, message };
}
