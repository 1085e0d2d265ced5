// A ladder as somebody writes it in a form: rows of distance, moment and who is told; and what each rung would send.
import type { Attention } from './attention.ts';
import type { FormResult } from './attention-form.ts';
import {
  hoursOf,
  LONGEST_RUNG,
  rungDays,
  rungKey,
  type Audience,
  type LadderClass,
  type Rung,
} from './ladder.ts';
import { instantPlusMinutes } from './moment.ts';
import {
  addDays,
  daysBetween,
  formatDayMonth,
  localDateTime,
  parseIsoDate,
  type IsoDate,
} from './plain-date.ts';

/** Who a rung tells, as one chooses it; each level but the last includes those before it. */
export const LEVELS = {
  area: { label: 'El área: responsable y suplente', audience: ['responsible', 'deputy'] },
  head: { label: 'También la persona titular del área', audience: ['responsible', 'deputy', 'head'] },
  direction: {
    label: 'También la Dirección de Vinculación',
    audience: ['responsible', 'deputy', 'head', 'direction'],
  },
  secretary: {
    label: 'También la Secretaría Técnica',
    audience: ['responsible', 'deputy', 'head', 'direction', 'technical_secretary'],
  },
  direction_only: { label: 'Sólo la Dirección de Vinculación', audience: ['direction'] },
} as const satisfies Record<string, { label: string; audience: readonly Audience[] }>;
export type Level = keyof typeof LEVELS;

/** How the classes are called on screen. */
export const CLASS_WORDS: Record<LadderClass, string> = {
  high: 'Prioridad alta',
  medium: 'Prioridad media',
  low: 'Prioridad baja',
  hours: 'Plazos por horas',
  ine: 'A cargo del INE',
};

/** More rungs than anybody would read. */
export const MOST_RUNGS = 14;

/** The level whose people a rung tells. */
export function levelOf({ audience }: Pick<Rung, 'audience'>): Level {
  const names = Object.keys(LEVELS) as Level[];
  return (
    names.find((name) => [...LEVELS[name].audience].sort().join() === [...audience].sort().join()) ?? 'area'
  );
}

export interface LadderRow {
  /** How many, as typed; an empty row says nothing. */
  cuanto: string;
  unidad: string;
  momento: string;
  nivel: string;
}

/** A rung as its row of the form. */
export function rowOf(step: Rung): LadderRow {
  return {
    cuanto: String(Math.abs(step.amount)),
    unidad: step.unit === 'days' ? 'dias' : 'horas',
    momento: step.amount <= 0 ? 'antes' : 'despues',
    nivel: levelOf(step),
  };
}

/** Reads the rows and the day from which they hold, which must come after `today`. Zero days is the day itself. */
export function readLadderForm(
  rows: readonly LadderRow[],
  desde: string,
  today: IsoDate,
): FormResult<{ rungs: Rung[]; from_on: IsoDate }, string> {
  const errors: Record<string, string> = {};
  const rungs = new Map<number, Rung>();
  rows.forEach((row, index) => {
    if (row.cuanto.trim() === '') return;
    const read = readRow(row);
    if (typeof read === 'string') errors[`cuanto-${index}`] = read;
    else if (rungs.has(hoursOf(read))) errors[`cuanto-${index}`] = 'Ya hay un peldaño a esa distancia';
    else rungs.set(hoursOf(read), read);
  });
  const found = [...rungs.values()].sort((a, b) => hoursOf(a) - hoursOf(b));
  if (Object.keys(errors).length === 0) {
    if (!found.some(({ kind }) => kind === 'reminder'))
      errors['cuanto-0'] = 'Deja al menos un recordatorio antes de la fecha';
    else if (!found.some(({ kind }) => kind === 'escalation'))
      errors['cuanto-0'] =
        'Deja al menos un aviso después de la fecha: lo vencido no puede quedar en silencio';
  }
  const day = parseIsoDate(desde);
  if (!day.ok) errors['desde'] = desde.trim() === '' ? 'Indica desde qué día' : day.message;
  else if (day.value <= today)
    errors['desde'] = 'Elige un día posterior a hoy: una escalera nunca obra hacia atrás';
  if (!day.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { rungs: found, from_on: day.value } };
}

function readRow({ cuanto, unidad, momento, nivel }: LadderRow): Rung | string {
  const unit = unidad === 'dias' ? 'days' : unidad === 'horas' ? 'hours' : undefined;
  if (unit === undefined || (momento !== 'antes' && momento !== 'despues') || !Object.hasOwn(LEVELS, nivel)) {
    return 'Elige unidad, momento y a quién se avisa';
  }
  if (!/^\d{1,3}$/.test(cuanto.trim())) return 'Escribe un número entero';
  const size = Number(cuanto);
  if (size > LONGEST_RUNG[unit]) {
    return `A lo más ${LONGEST_RUNG[unit]} ${unit === 'days' ? 'días' : 'horas'}`;
  }
  if (size === 0 && (unit === 'hours' || momento === 'despues'))
    return 'El mismo día se escribe: 0 días antes';
  const amount = momento === 'antes' && size > 0 ? -size : size;
  return {
    key: rungKey(amount, unit),
    amount,
    unit,
    kind: amount > 0 ? 'escalation' : 'reminder',
    audience: LEVELS[nivel as Level].audience,
  };
}

export interface RungSample {
  rung: Rung;
  /** Local `YYYY-MM-DD`, with `THH:MM` for what is counted in hours. */
  on: string;
  /** How the subject begins. */
  subject: string;
  /** It goes out together with the one before: the day itself is not attended. */
  said_before: boolean;
}

/** What each rung would send about a deadline, in the order in which it goes out. */
export function sampleLadder(
  rungs: readonly Rung[],
  { due_on, lapses_at, owed_by_ine }: { due_on: IsoDate; lapses_at: string | null; owed_by_ine: boolean },
  attention: Attention,
): RungSample[] {
  const days = rungDays(rungs, due_on, attention);
  const inDays = days.map(({ rung, on }): RungSample => ({
    rung,
    on,
    subject: subjectLead(due_on, on, owed_by_ine),
    said_before:
      rung.amount === 0 && on < due_on && days.some((other) => other.rung !== rung && other.on === on),
  }));
  const inHours = rungs.flatMap((rung): RungSample[] => {
    if (rung.unit === 'days' || lapses_at === null) return [];
    const hours = `${Math.abs(rung.amount)} ${Math.abs(rung.amount) === 1 ? 'hora' : 'horas'}`;
    const subject = rung.amount < 0 ? `Vence en ${hours}` : `Vencida hace ${hours}`;
    const on = localDateTime(instantPlusMinutes(lapses_at, rung.amount * 60));
    return [{ rung, on, subject, said_before: false }];
  });
  return [...inDays, ...inHours].sort(
    (a, b) => a.on.localeCompare(b.on) || hoursOf(a.rung) - hoursOf(b.rung),
  );
}

/** The state and the distance, as the mail of that morning says them first (test/emails/ladder-sample.test.ts). */
function subjectLead(due_on: IsoDate, on: IsoDate, owedByIne: boolean): string {
  const days = daysBetween(on, due_on);
  if (days < 0) {
    const ago = days === -1 ? 'hace 1 día' : `hace ${-days} días`;
    return owedByIne ? `Pendiente de recibir del INE, ${ago}` : `Vencida ${ago}`;
  }
  const verb = owedByIne ? 'Por recibir del INE' : 'Vence';
  const day = formatDayMonth(addDays(on, days));
  if (days === 0) return `${verb} HOY ${day}`;
  return days === 1 ? `${verb} mañana, ${day}` : `${verb} en ${days} días (${day})`;
}
