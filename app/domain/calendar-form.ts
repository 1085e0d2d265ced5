// Changes to a calendar of non-working days as somebody writes them: one day, a block of days, a pasted list, a year.
import { z } from 'zod';
import type { FormResult } from './attention-form.ts';
import type { NonWorkingDay } from './business-days.ts';
import { isoDate } from './deadline-rule.ts';
import { parseFreeText } from './free-text.ts';
import { addDays, daysBetween, formatShortDate, parseIsoDate, weekday, type IsoDate } from './plain-date.ts';

export const INSTITUTIONS = ['IEM', 'INE'] as const;
export type CalendarInstitution = (typeof INSTITUTIONS)[number];

/** What is put into a calendar, what is taken out, and the year that its agreement confirms. */
export interface CalendarEdit {
  institution: CalendarInstitution;
  put: NonWorkingDay[];
  remove: IsoDate[];
  confirm: number | null;
}

/** Longer blocks and lists are slips of the keyboard. */
const LONGEST_BLOCK = 62;
const MOST_LINES = 200;

export interface CalendarTyped {
  que: string;
  /** The day that is changed or removed; empty for a new one. */
  dia: string;
  desde: string;
  hasta: string;
  nombre: string;
  lista: string;
  acto: string;
}
export type CalendarField = keyof CalendarTyped;

/**
 * Reads what somebody wants to do to the calendar of an institution in a year: `poner` a day or a block, `quitar` one,
 * `importar` a list, `confirmar` the year. `acto` is the agreement that orders it, the source of each day. Saturdays
 * and Sundays of a block are left out: they never work.
 */
export function readCalendarForm(
  typed: CalendarTyped,
  institution: CalendarInstitution,
  year: number,
): FormResult<{ edit: CalendarEdit; act: string }, CalendarField> {
  const errors: Partial<Record<CalendarField, string>> = {};
  const act = parseFreeText(typed.acto, { max: 200, required: 'Escribe el acuerdo u oficio', line: true });
  if (!act.ok) errors.acto = act.message;
  const source = act.ok ? act.value : '';
  const edit: CalendarEdit = { institution, put: [], remove: [], confirm: null };
  switch (typed.que) {
    case 'poner':
      readBlock(typed, source, edit, errors);
      break;
    case 'quitar':
      readRemoval(typed, edit, errors);
      break;
    case 'importar':
      readList(typed, source, edit, errors);
      break;
    case 'confirmar':
      edit.confirm = year;
      break;
    default:
      errors.que = 'Elige qué hacer con el calendario';
  }
  if (!act.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { edit, act: act.value } };
}

type Errors = Partial<Record<CalendarField, string>>;

function readBlock(typed: CalendarTyped, source: string, edit: CalendarEdit, errors: Errors): void {
  const from = parseIsoDate(typed.desde);
  if (!from.ok) errors.desde = typed.desde.trim() === '' ? 'Indica el día' : from.message;
  const to = typed.hasta.trim() === '' ? from : parseIsoDate(typed.hasta);
  if (!to.ok && typed.hasta.trim() !== '') errors.hasta = to.message;
  const name = parseFreeText(typed.nombre, { max: 120, required: 'Escribe el nombre del día', line: true });
  if (!name.ok) errors.nombre = name.message;
  if (typed.dia !== '') readRemoval(typed, edit, errors);
  if (!from.ok || !to.ok || !name.ok) return;
  const days = workingDays(from.value, to.value);
  if (typeof days === 'string') errors.hasta = days;
  else edit.put = days.map((day) => ({ day, name: name.value, source }));
  edit.remove = edit.remove.filter((day) => !edit.put.some((put) => put.day === day));
}

function readRemoval({ dia }: CalendarTyped, edit: CalendarEdit, errors: Errors): void {
  const day = parseIsoDate(dia);
  if (day.ok) edit.remove = [day.value];
  else errors.dia = day.message;
}

/** The Monday-to-Friday days of a stretch, or why it is none. */
function workingDays(from: IsoDate, to: IsoDate): IsoDate[] | string {
  const length = daysBetween(from, to) + 1;
  if (length < 1) return 'El último día es anterior al primero';
  if (length > LONGEST_BLOCK) return `A lo más ${LONGEST_BLOCK} días seguidos`;
  const days = Array.from({ length }, (_, index) => addDays(from, index)).filter((day) => weekday(day) <= 5);
  return days.length > 0 ? days : 'Sábados y domingos ya son inhábiles: no hace falta anotarlos';
}

/** One day or block a line: `AAAA-MM-DD Nombre` or `AAAA-MM-DD a AAAA-MM-DD Nombre`, with a comma or `;` if one likes. */
const LINE = /^(\d{4}-\d{2}-\d{2})(?:\s+al?\s+(\d{4}-\d{2}-\d{2}))?[\s;,:]+(.+)$/;

function readList({ lista }: CalendarTyped, source: string, edit: CalendarEdit, errors: Errors): void {
  const text = parseFreeText(lista, { max: 20_000, required: 'Pega la lista, un día por renglón' });
  if (!text.ok) {
    errors.lista = text.message;
    return;
  }
  const lines = text.value.split('\n').map((line) => line.trim());
  if (lines.length > MOST_LINES) {
    errors.lista = `A lo más ${MOST_LINES} renglones`;
    return;
  }
  const found = new Map<IsoDate, NonWorkingDay>();
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const refuse = (why: string) => {
      errors.lista ??= `Renglón ${index + 1}: ${why}`;
    };
    const [, first = '', last, name = ''] = LINE.exec(line) ?? [];
    const from = parseIsoDate(first);
    const to = parseIsoDate(last ?? first);
    if (first === '') refuse('escribe AAAA-MM-DD y el nombre del día');
    else if (!from.ok) refuse(from.message);
    else if (!to.ok) refuse(to.message);
    else if (name.length > 120) refuse('el nombre ocupa más de 120 caracteres');
    else {
      const days = workingDays(from.value, to.value);
      if (typeof days === 'string') refuse(days);
      else for (const day of days) found.set(day, { day, name, source });
    }
  }
  edit.put = [...found.values()].sort((a, b) => a.day.localeCompare(b.day));
}

const storedEdit = z.strictObject({
  institution: z.enum(INSTITUTIONS),
  put: z
    .array(
      z.strictObject({ day: isoDate, name: z.string().min(1).max(120), source: z.string().min(1).max(200) }),
    )
    .max(2000),
  remove: z.array(isoDate).max(2),
  confirm: z.int().min(2000).max(2100).nullable(),
});

/** An edit as the page of its preview sends it back; undefined when it is none. */
export function parseCalendarEdit(text: string): CalendarEdit | undefined {
  try {
    const parsed = storedEdit.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The edit in one sentence, for the record and for the mail to the areas. */
export function editWords({ institution, put, remove, confirm }: CalendarEdit): string {
  const parts = [
    put.length === 1 && `${formatShortDate(put[0]!.day)}, ${put[0]!.name}`,
    put.length > 1 &&
      `${put.length} días, del ${formatShortDate(put[0]!.day)} al ${formatShortDate(put.at(-1)!.day)}`,
    remove.length > 0 && `sin ${remove.map(formatShortDate).join(', ')}`,
    confirm !== null && `calendario ${confirm} confirmado`,
  ].filter((part) => part !== false);
  return `Días inhábiles del ${institution}: ${parts.join('; ')}`;
}
