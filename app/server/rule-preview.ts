// A preview of a rule worded for the screen: its next dates, the derivation of the first, what would change.
import { viewDateFile } from '../components/date-file-view.ts';
import type { RulePreviewView } from '../components/rule-effects.tsx';
import type { DeadlineRule } from '../domain/deadline-rule.ts';
import { formatDateAndTime } from '../domain/derivation.ts';
import { ladderClass, ladderDays, rungWords, type RungDay } from '../domain/ladder.ts';
import { formatDayMonth, formatShortDate, formatHour, type IsoDate } from '../domain/plain-date.ts';
import { ruleWords, type AnchorInWords } from '../domain/rule-words.ts';
import type { ScheduledDate } from '../domain/schedule.ts';
import {
  defaultDecision,
  type DeadlineDates,
  type EffectKind,
  type ScheduleEffect,
} from '../domain/schedule-effect.ts';
import { loadAttention } from '../../db/attention.ts';
import type { Db } from '../../db/client.ts';
import { ladderFinder, loadLadders } from '../../db/ladders.ts';
import { affectedAreas } from '../../db/milestone-moves.ts';
import type { RulePreview } from '../../db/rules.ts';
import type { Obligation } from './obligation-access.ts';

const SHOWN_DATES = 12;

const KIND_WORDS: Record<EffectKind, string> = {
  moves: 'Se mueven',
  protected: 'Protegidas',
  decision: 'Requieren atención',
  past: 'Caen en el pasado',
  waits: 'Quedan en espera',
  removed: 'Dejan de existir',
  added: 'Nuevas',
};

const REASON_WORDS: Record<NonNullable<ScheduleEffect['reason']>, string> = {
  concluded: 'Se queda: ya está concluida',
  waived: 'Se queda: está exceptuada',
  manual_date: 'Se queda: su fecha se fijó a mano',
  extension: 'Se queda: tiene prórroga',
  kept: 'Se queda: así se decidió antes',
  in_review: 'Se queda: hay un reporte en revisión',
  mailed: 'Se mueve, aunque ya se avisó de la fecha actual',
};

/** The mornings of the notices about a date. */
export type NoticesOn = (date: { due_on: IsoDate; due_time?: string | null | undefined }) => RungDay[];

/** The notices an obligation's dates would have, by the ladder of their class and the calendar of attention. */
export async function noticesOf(
  db: Db,
  obligation: Pick<Obligation, 'process_id' | 'obligor' | 'priority'>,
  inHours: boolean,
): Promise<NoticesOn> {
  const [ladders, attention] = await Promise.all([loadLadders(db, obligation.process_id), loadAttention(db)]);
  return ({ due_on, due_time }) => {
    const name = ladderClass({ ...obligation, due_time: due_time ?? null, in_hours: inHours });
    return ladderDays(ladderFinder(ladders)(obligation.process_id, name), due_on, attention);
  };
}

/** The preview as it is shown on `today`. */
export function viewRulePreview(
  { dates, example, effects, fingerprint }: RulePreview,
  rule: DeadlineRule,
  anchorOf: (key: string) => AnchorInWords | undefined,
  noticesOn: NoticesOn,
  today: IsoDate,
): RulePreviewView {
  const dated = dates.filter((date): date is Dated => date.due_on !== null);
  const coming = dated.filter(({ due_on }) => due_on >= today);
  const shown = (coming.length > 0 ? coming : dated.slice(-SHOWN_DATES)).slice(0, SHOWN_DATES);
  const told = shown[0] ?? (example?.due_on == null ? dates[0] : example);
  return {
    fingerprint,
    words: ruleWords(rule, anchorOf),
    total: dated.length,
    without: withoutDates(rule, dates, example),
    dates: shown.map((date) => ({
      due: dueWords(date),
      opens: date.opens_on && date.opens_on !== date.due_on ? formatShortDate(date.opens_on) : null,
      warnings: warningsOf(date, noticesOn, today),
    })),
    file: told
      ? {
          title: told.due_on === null ? '¿Por qué no tiene fecha?' : `¿Por qué el ${dueWords(told)}?`,
          steps: viewDateFile(told.steps),
          result: told.due_on === null ? 'Sin fecha todavía' : `Vence el ${dueWords(told)}`,
          provisional: told.provisional,
        }
      : null,
    counts: (Object.keys(KIND_WORDS) as EffectKind[]).flatMap((kind) => {
      const count = effects.filter((effect) => effect.kind === kind).length;
      return count === 0 ? [] : [`${KIND_WORDS[kind]}: ${count}`];
    }),
    areas: affectedAreas(effects).map(({ name, count }) => `${name} (${count})`),
    effects: effects.map((effect) => ({
      id: `${effect.obligation_id}/${effect.key}`,
      path: effect.deadline_id === null ? null : `/vencimientos/${effect.deadline_id}`,
      ref: effect.ref,
      current: datesWords(effect.current),
      proposed: datesWords(effect.proposed),
      difference: differenceWords(effect.days),
      outcome: outcomeWords(effect),
    })),
  };
}

type Dated = ScheduledDate & { due_on: IsoDate };

function withoutDates(
  rule: DeadlineRule,
  dates: readonly ScheduledDate[],
  example: ScheduledDate | null,
): string | null {
  if (rule.type === 'standing') return 'No da ninguna fecha: es un deber permanente.';
  if (rule.type === 'each' && dates.length === 0) {
    return `El evento todavía no ocurre. Si ocurriera en este momento, ${
      example?.due_on == null ? 'no tendría fecha' : `vencería el ${dueWords(example)}`
    }.`;
  }
  return dates.some(({ due_on }) => due_on === null) ? 'Aún sin fecha: espera a que se fije su hito.' : null;
}

function dueWords({ due_on, due_time }: Pick<DeadlineDates, 'due_on' | 'due_time'>): string {
  return due_on === null
    ? 'sin fecha'
    : formatDateAndTime({ date: due_on, ...(due_time && { time: due_time }) });
}

/** The reminders before a date that lie before today: nobody gets them any more. */
function warningsOf(date: Dated, noticesOn: NoticesOn, today: IsoDate): string[] {
  if (date.due_on < today) return ['La fecha ya pasó.'];
  return noticesOn(date).flatMap(({ rung, falls_on }) =>
    rung.amount >= 0 || falls_on >= today
      ? []
      : [`${rungWords(rung)} (${formatDayMonth(falls_on)}): ese aviso ya pasó; no se enviará.`],
  );
}

function datesWords(dates: DeadlineDates | null): string {
  if (dates === null) return '—';
  if (dates.due_on === null) return 'en espera';
  const hour = dates.due_time === null ? '' : `, ${formatHour(dates.due_time)}`;
  return `${formatShortDate(dates.due_on)}${hour}`;
}

function differenceWords(days: number | null): string {
  if (days === null) return '—';
  if (days === 0) return 'mismo día';
  return `${days > 0 ? '+' : '−'}${Math.abs(days)} ${Math.abs(days) === 1 ? 'día' : 'días'}`;
}

function outcomeWords(effect: ScheduleEffect): string {
  if (effect.reason) return REASON_WORDS[effect.reason];
  switch (effect.kind) {
    case 'past':
      return effect.current ? 'Se mueve y queda vencida' : 'Nace vencida';
    case 'waits':
      return 'Queda en espera';
    case 'removed':
      return 'Deja de existir';
    case 'added':
      return 'Se agrega';
    default:
      return defaultDecision(effect) === 'move' ? 'Se mueve' : 'Se queda';
  }
}
