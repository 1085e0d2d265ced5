// What somebody may say about attention, read from a form: days of the week, the hour, a day apart.
import { parseFreeText } from './free-text.ts';
import { parseIsoDate, parseTime, type IsoDate } from './plain-date.ts';

export type FormResult<Value, Field extends string> =
  { ok: true; value: Value } | { ok: false; errors: Partial<Record<Field, string>> };

/** Reads the days of the week (`1` to `7`), the hour and whether non-working days are attended (`si`). */
export function readAttentionForm(typed: {
  dias: readonly string[];
  inhabiles: string;
  hora: string;
}): FormResult<{ weekdays: number[]; on_rest_days: boolean; hour: string }, 'dias' | 'hora'> {
  const errors: Partial<Record<'dias' | 'hora', string>> = {};
  const weekdays = [...new Set(typed.dias)]
    .filter((day) => /^[1-7]$/.test(day))
    .map(Number)
    .sort();
  if (weekdays.length === 0) errors.dias = 'Elige al menos un día de la semana';
  const hour = parseTime(typed.hora);
  if (!hour.ok) errors.hora = 'Escribe la hora como HH:MM';
  else if (hour.value < '05:00' || hour.value > '12:00')
    errors.hora = 'Elige una hora entre las 5:00 y las 12:00';
  if (!hour.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { weekdays, on_rest_days: typed.inhabiles === 'si', hour: hour.value } };
}

/** Reads a day that is attended (`si`) or not (`no`) apart from the rule, with its reason. */
export function readExceptionForm(typed: {
  dia: string;
  atendido: string;
  motivo: string;
}): FormResult<{ day: IsoDate; attended: boolean; reason: string }, 'dia' | 'atendido' | 'motivo'> {
  const errors: Partial<Record<'dia' | 'atendido' | 'motivo', string>> = {};
  const day = parseIsoDate(typed.dia);
  if (!day.ok) errors.dia = typed.dia.trim() === '' ? 'Indica el día' : day.message;
  if (typed.atendido !== 'si' && typed.atendido !== 'no')
    errors.atendido = 'Elige si ese día se atiende o no';
  const reason = parseFreeText(typed.motivo, { max: 200, required: 'Escribe el motivo', line: true });
  if (!reason.ok) errors.motivo = reason.message;
  if (!day.ok || !reason.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { day: day.value, attended: typed.atendido === 'si', reason: reason.value } };
}
