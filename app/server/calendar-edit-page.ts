// The page of non-working days: what it shows of a year, and what an edit would do, in words.
import { viewEffects } from '../components/milestone-words.ts';
import {
  editWords,
  INSTITUTIONS,
  type CalendarEdit,
  type CalendarInstitution,
  type CalendarTyped,
} from '../domain/calendar-form.ts';
import type { Moment } from '../domain/moment.ts';
import { formatLongDate, formatShortDate } from '../domain/plain-date.ts';
import { defaultDecision } from '../domain/schedule-effect.ts';
import type { Db } from '../../db/client.ts';
import {
  findWorkingYear,
  listNonWorkingDays,
  previewCalendar,
  type CalendarPreview,
} from '../../db/non-working-days.ts';
import { notFound } from './request-input.ts';

export const NOTHING_TYPED: CalendarTyped = {
  que: '',
  dia: '',
  desde: '',
  hasta: '',
  nombre: '',
  lista: '',
  acto: '',
};

export interface AskedYear {
  institution: CalendarInstitution;
  year: number;
}

/** Which calendar an address asks for: this year's of the IEM unless it says otherwise. Throws 404 for one that is none. */
export function askedYear(url: string, today: string): AskedYear {
  const { searchParams } = new URL(url);
  const name = searchParams.get('institucion') ?? 'IEM';
  const text = searchParams.get('anio') ?? today.slice(0, 4);
  const institution = INSTITUTIONS.find((known) => known === name);
  if (!institution || !/^20\d\d$|^2100$/.test(text)) throw notFound();
  return { institution, year: Number(text) };
}

/** The address of the calendar of a year. */
export function yearPath({ institution, year }: AskedYear, more: Record<string, string> = {}): string {
  return `/inhabiles?${new URLSearchParams({ institucion: institution, anio: String(year), ...more }).toString()}`;
}

/** The days of a year with whether the law of labour gives them, and whether somebody confirmed the year. */
export async function yearPage(db: Db, asked: AskedYear) {
  const { institution, year } = asked;
  const [days, status] = await Promise.all([
    listNonWorkingDays(db, institution, `${year}-01-01`, `${year}-12-31`),
    findWorkingYear(db, institution, year),
  ]);
  return {
    institution,
    year,
    confirmed: status?.confirmed ?? false,
    source: status?.source ?? null,
    days: days.map(({ day, name, source }) => ({
      day,
      words: formatLongDate(day),
      name,
      source,
      official: /^LFT, art\. 74/.test(source),
      edit: yearPath(asked, { dia: day }),
    })),
    institutions: INSTITUTIONS.map((name) => ({
      name,
      to: yearPath({ institution: name, year }),
      here: name === institution,
    })),
    years: [year - 1, year, year + 1]
      .filter((one) => one >= 2000 && one <= 2100)
      .map((one) => ({ name: String(one), to: yearPath({ institution, year: one }), here: one === year })),
  };
}

/** What an edit would do, for the person who decides on it. */
export function viewPreview(
  edit: CalendarEdit,
  act: string,
  { effects, settled, fingerprint }: CalendarPreview,
) {
  const areas = new Set(
    effects.filter((effect) => defaultDecision(effect) === 'move').map(({ area_name }) => area_name),
  );
  return {
    edit: JSON.stringify(edit),
    act,
    seen: fingerprint,
    words: editWords(edit),
    days: edit.put.map(({ day, name }) => ({ day, words: `${formatLongDate(day)}: ${name}` })),
    effects: viewEffects(effects),
    settled: settled.map((row) => ({ ...row, due: formatShortDate(row.due_on) })),
    areas: [...areas].sort(),
  };
}

/** Previews the edit and words it. */
export async function previewEdit(db: Db, edit: CalendarEdit, act: string, moment: Moment) {
  return viewPreview(edit, act, await previewCalendar(db, edit, moment));
}
