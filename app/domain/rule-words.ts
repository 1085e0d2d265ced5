// A deadline rule in words: one sentence that names unit, direction, anchor, counting and roll.
import type { Anchor } from './deadline.ts';
import {
  parseDeadlineRule,
  type DeadlineRule,
  type RuleOf,
  type Unit,
  type WindowEnd,
} from './deadline-rule.ts';
import { formatDateAndTime, type Step } from './derivation.ts';
import { formatHour, formatMonth } from './plain-date.ts';
import { parseRecurrence } from './recurrence.ts';
import { recurrenceWords } from './recurrence-words.ts';

/** An anchor as a sentence names it: with a `date`, even an unknown one (null), the sentence says when it is. */
export type AnchorInWords = Pick<Anchor, 'name'> & Partial<Pick<Anchor, 'date' | 'time' | 'firm'>>;

type AnchorOf = (key: string) => AnchorInWords | undefined;
type Term = Pick<RuleOf<'each'>, 'amount' | 'unit' | 'direction'> & { clear_days?: boolean };

/** First words of what milestones are called, with their article. */
const ARTICLES: [article: 'el' | 'la' | 'los' | 'las', first: RegExp][] = [
  ['el', /^(?:Acuerdo|Cierre|Cómputo|Día|Dictamen|Fin|Informe|Límite|Plan|Programa|Sistema|Término|Último)$/],
  ['la', /^(?:Sede|Vacante|Veda)$/],
  ['las', /(?:ciones|siones|dades|as)$/],
  ['los', /(?:os|es)$/],
  ['la', /(?:ción|sión|dad|tud|a)$/],
  ['el', /o$/],
];

type Name = [one: string, many: string];
const UNITS: Record<Exclude<Unit, 'days'>, Name> = {
  hours: ['hora', 'horas'],
  business_days: ['día hábil', 'días hábiles'],
  weeks: ['semana', 'semanas'],
  months: ['mes', 'meses'],
};

const DAYS: Record<DeadlineRule['counting'], Name> = {
  natural: ['día natural', 'días naturales'],
  business: ['día hábil', 'días hábiles'],
  by_process: ['día', 'días'],
};
const SIDE = { before: 'antes', after: 'después' };
const BY_PROCESS = 'durante el proceso electoral cuentan todos los días; fuera de él, sólo los hábiles';
const ROLL = {
  none: [],
  next: ['si cae en día inhábil, pasa al día hábil siguiente'],
  previous: ['si cae en día inhábil, se adelanta al día hábil anterior'],
};

/** The anchors a stored derivation rested on, with the dates they had then. */
export function anchorsOfSteps(steps: readonly Step[]): AnchorOf {
  const anchors = new Map<string, AnchorInWords>();
  for (const step of steps) {
    if (step.op === 'anchor') anchors.set(step.key, step);
    if (step.op === 'waiting') anchors.set(step.key, { name: step.name, date: null });
  }
  return (key) => anchors.get(key);
}

/**
 * A rule of any type as one sentence in Spanish, without full stop. `anchorOf` gives the name of a milestone (or
 * obligation, or trigger) by its key, and its date when the sentence should say it; one it does not know is named
 * by its key. A date that is not firm is said to be provisional.
 */
export function ruleWords(rule: DeadlineRule, anchorOf: AnchorOf): string {
  const sentence = [
    core(rule, anchorOf),
    ...(rule.counting === 'by_process' ? [BY_PROCESS] : []),
    ...('month_overflow' in rule && rule.month_overflow !== 'clamp'
      ? ['si el mes no tiene ese día, se toma el primer día hábil del mes siguiente']
      : []),
    ...ROLL[rule.roll],
    ...(rule.conditional === undefined ? [] : [`condición: ${rule.conditional}`]),
  ].join('; ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A stored rule with the dates its derivation rested on; undefined for what is no rule. */
export function storedRuleWords(rule: unknown, steps: readonly Step[]): string | undefined {
  const read = parseDeadlineRule(rule);
  return read.ok ? ruleWords(read.rule, anchorsOfSteps(steps)) : undefined;
}

function core(rule: DeadlineRule, anchorOf: AnchorOf): string {
  switch (rule.type) {
    case 'on':
      return `el ${formatDateAndTime({ date: rule.date, ...(rule.time && { time: rule.time }) })}`;
    case 'between':
      return window(rule.from, rule.to, rule, anchorOf);
    case 'offset':
      return sinceAnchor(rule, rule, rule.milestone, anchorOf);
    case 'duration': {
      const days = quantity(rule.amount, rule.unit, rule);
      const anchor = anchorWords(rule.milestone, anchorOf);
      return rule.count_first
        ? `${days} desde ${anchor}, contando ese día como el primero`
        : `${days} que empiezan el día siguiente ${contracted('a', anchor)}`;
    }
    case 'week_of_month': {
      const month = formatMonth(`${rule.year}-${String(rule.month).padStart(2, '0')}`);
      return `la semana completa número ${rule.n} de ${month}, de lunes a domingo`;
    }
    case 'chain':
      return rule.steps
        .map((step, i) =>
          i === 0
            ? sinceAnchor(step, rule, rule.milestone, anchorOf)
            : `luego ${quantity(step.amount, step.unit, rule)} ${SIDE[step.direction]}`,
        )
        .join(', ');
    case 'recurring':
      return recurringWords(rule, anchorOf);
    case 'each': {
      const occurrence = anchorOf(rule.trigger);
      const trigger = occurrence
        ? `cada ${named(occurrence.name).words}${occurrence.date ? when(occurrence, rule.unit === 'hours') : ''}`
        : `cada «${rule.trigger}»`;
      if (rule.amount === 0) return `${sameMoment(rule.unit)} de ${trigger}`;
      return `${quantity(rule.amount, rule.unit, rule)} ${SIDE[rule.direction]} de ${trigger}`;
    }
    case 'standing':
      return 'deber permanente, sin fecha propia';
  }
}

function recurringWords(rule: RuleOf<'recurring'>, anchorOf: AnchorOf): string {
  const read = parseRecurrence(rule.rrule);
  if (!read.ok) return rule.rrule;
  const rolls = rule.roll !== 'none' && read.value.bySetPos.length === 0;
  const days = recurrenceWords(read.value, rule.counting === 'business' && !rolls ? 'working' : 'any');
  const when = rule.until
    ? window(rule.from, rule.until, rule, anchorOf)
    : `desde ${endWords(rule.from, rule, anchorOf)}`;
  return `${days}, ${when}`;
}

function window(from: WindowEnd, to: WindowEnd, rule: DeadlineRule, anchorOf: AnchorOf): string {
  return `${contracted('de', endWords(from, rule, anchorOf))} ${contracted('a', endWords(to, rule, anchorOf))}`;
}

/** One end of a window: `el viernes 15 de marzo de 2024`, `2 días naturales antes de la Jornada electoral`. */
function endWords(end: WindowEnd, rule: DeadlineRule, anchorOf: AnchorOf): string {
  const hour = end.time === undefined ? '' : `, ${formatHour(end.time)}`;
  if ('date' in end) return `el ${formatDateAndTime({ date: end.date })}${hour}`;
  const anchor = anchorWords(end.milestone, anchorOf);
  if (end.days === 0) return `${anchor}${hour}`;
  const days = quantity(Math.abs(end.days), 'days', rule);
  return `${days} ${SIDE[end.days < 0 ? 'before' : 'after']} ${contracted('de', anchor)}${hour}`;
}

/** A term counted from an anchor; only hours need the hour of the anchor. */
function sinceAnchor(
  { amount, unit, direction, clear_days }: Term,
  rule: DeadlineRule,
  key: string,
  anchorOf: AnchorOf,
): string {
  const anchor = contracted('de', anchorWords(key, anchorOf, unit === 'hours'));
  if (clear_days) {
    const free = amount === 1 ? 'completo y libre' : 'completos y libres';
    return `con ${quantity(amount, unit, rule)} ${free} ${SIDE[direction]} ${anchor}`;
  }
  if (amount === 0) return `${sameMoment(unit)} ${anchor}`;
  return `${quantity(amount, unit, rule)} ${SIDE[direction]} ${anchor}`;
}

function sameMoment(unit: Unit): string {
  return unit === 'hours' ? 'a la misma hora' : 'el mismo día';
}

/** An amount with its unit; plain days say whether they are natural or working ones. */
function quantity(amount: number, unit: Unit, { counting }: Pick<DeadlineRule, 'counting'>): string {
  const [one, many] = unit === 'days' ? DAYS[counting] : UNITS[unit];
  return `${amount} ${amount === 1 ? one : many}`;
}

function anchorWords(key: string, anchorOf: AnchorOf, withHour = false): string {
  const anchor = anchorOf(key);
  if (!anchor) return `«${key}»`;
  const { article, words } = named(anchor.name);
  return `${article}${words}${when(anchor, withHour)}`;
}

function when({ date, time, firm }: AnchorInWords, withHour: boolean): string {
  if (date === undefined) return '';
  if (date === null) return ' (aún sin fecha)';
  const day = formatDateAndTime(withHour && time !== undefined ? { date, time } : { date });
  return firm === false ? ` (fecha provisional: ${day})` : ` (${day})`;
}

/** A name as a sentence takes it, with its article when that is known; otherwise between quotes. */
function named(name: string): { article: string; words: string } {
  const [first = ''] = name.split(' ');
  const article = ARTICLES.find(([, pattern]) => pattern.test(first))?.[0];
  if (!article) return { article: '', words: `«${name}»` };
  // «Jornada electoral» is written with its capital; the rest begin with common words.
  const common = /^\p{Lu}\p{Ll}/u.test(name) && first !== 'Jornada';
  return { article: `${article} `, words: common ? name.charAt(0).toLowerCase() + name.slice(1) : name };
}

/** The preposition before words, contracted with «el». */
function contracted(preposition: 'de' | 'a', words: string): string {
  return words.startsWith('el ') ? `${preposition}l ${words.slice(3)}` : `${preposition} ${words}`;
}
