// The forms about milestones: a new date with the act that orders it, and who looks after an event without date.
import { parseFreeText } from './free-text.ts';
import { parseIsoDate, parseTime, type IsoDate, type Parsed } from './plain-date.ts';

export const MOVE_FIELDS = ['estado', 'fecha', 'hora', 'acto', 'nota'] as const;
export type MoveField = (typeof MOVE_FIELDS)[number];
export type TypedMove = Record<MoveField, string>;

export const MOVE_STATES = ['firme', 'provisional', 'sin-fecha'] as const;

export interface MoveFacts {
  on_date: IsoDate | null;
  at_time: string | null;
  firm: boolean;
  act: string;
  note: string | null;
}

const REFUSED = { ok: false } as const;

/** Reads the form of a move; every error is kept under the name of its field. */
export function parseMove(
  typed: TypedMove,
): { ok: true; value: MoveFacts } | { ok: false; errors: Partial<Record<MoveField, string>> } {
  const state = MOVE_STATES.find((known) => known === typed.estado);
  const none = state === 'sin-fecha';
  const read: Record<MoveField, Parsed<string | null>> = {
    estado: state
      ? { ok: true, value: state }
      : { ...REFUSED, message: 'Di si la fecha es firme o provisional' },
    fecha: parseDay(typed.fecha, none),
    hora: parseHour(typed.hora, none),
    acto: parseFreeText(typed.acto, {
      max: 200,
      line: true,
      required: 'Escribe el acuerdo, oficio o documento que lo ordena',
    }),
    nota: parseFreeText(typed.nota, { max: 1000 }),
  };
  const errors: Partial<Record<MoveField, string>> = {};
  for (const name of MOVE_FIELDS) {
    const field = read[name];
    if (!field.ok) errors[name] = field.message;
  }
  const { fecha, hora, acto, nota } = read;
  if (!fecha.ok || !hora.ok || !acto.ok || !nota.ok || !state) return { ok: false, errors };
  return {
    ok: true,
    value: {
      on_date: fecha.value,
      at_time: hora.value,
      firm: state === 'firme',
      act: acto.value ?? '',
      note: nota.value || null,
    },
  };
}

function parseDay(text: string, none: boolean): Parsed<IsoDate | null> {
  const empty = text.trim() === '';
  if (none) {
    return empty
      ? { ok: true, value: null }
      : { ...REFUSED, message: 'Borra la fecha para dejar el evento sin ella' };
  }
  return empty ? { ...REFUSED, message: 'Indica la fecha' } : parseIsoDate(text);
}

function parseHour(text: string, none: boolean): Parsed<string | null> {
  if (text.trim() === '') return { ok: true, value: null };
  return none ? { ...REFUSED, message: 'Sin fecha no hay hora' } : parseTime(text);
}

export const WATCH_FIELDS = ['area', 'previsto', 'version'] as const;
export type WatchField = (typeof WATCH_FIELDS)[number];

/** Reads the form of who looks after an event; `areas` are the ids that exist. */
export function parseWatch(
  typed: Record<WatchField, string>,
  areas: readonly number[],
):
  | { ok: true; value: { owner_area_id: number | null; expected_on: IsoDate | null; seen: number } }
  | { ok: false; errors: Partial<Record<WatchField, string>> } {
  const owner = typed.area === '' ? null : areas.find((id) => String(id) === typed.area);
  const expected: Parsed<IsoDate | null> =
    typed.previsto.trim() === '' ? { ok: true, value: null } : parseIsoDate(typed.previsto);
  const seen = /^[1-9]\d{0,8}$/.test(typed.version) ? Number(typed.version) : undefined;
  if (owner === undefined || !expected.ok || seen === undefined) {
    return {
      ok: false,
      errors: {
        ...(owner === undefined ? { area: 'Elige un área de la lista' } : {}),
        ...(expected.ok ? {} : { previsto: expected.message }),
        ...(seen === undefined ? { version: 'El formulario llegó incompleto; vuelve a abrirlo' } : {}),
      },
    };
  }
  return { ok: true, value: { owner_area_id: owner, expected_on: expected.value, seen } };
}
