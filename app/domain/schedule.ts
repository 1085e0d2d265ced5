// The schedule: the dates of many rules at once, those counted from other obligations after the ones they count from.
import { workingCalendar, type WorkingCalendar } from './business-days.ts';
import { computeDeadline, type Anchor, type DeadlineInstance, type RuleContext } from './deadline.ts';
import { milestonesOf, obligationOfKey, RuleError, type DeadlineRule } from './deadline-rule.ts';
import type { Step } from './derivation.ts';
import { endOfDay, instantOf, type IsoDate } from './plain-date.ts';

/** A rule as many obligations of one institution may share it. */
export interface SharedRule {
  rule: DeadlineRule;
  /** Whose working days it counts by. */
  institution: string;
  /** An obligation that has it, to name it by when it cannot be computed. */
  ref: string;
}

/** An obligation that another one's rule counts from. */
export interface AnchorObligation {
  id: number;
  ref: string;
  title: string;
  /** Key of its rule in `rules`; null when it has none in force. */
  rule: string | null;
  /** The accepted act, from which everything counts once there is one. */
  act: { date: IsoDate; time: string | null; document: string } | null;
  /** The date in force of a deadline that a computation does not move: excepted, said by hand, kept. */
  stays: { date: IsoDate | null; time: string | null; waiting_for_id: number | null } | null;
}

export interface ScheduleInputs {
  milestones: ReadonlyMap<string, Anchor & { id: number }>;
  occurrences: ReadonlyMap<string, readonly (Anchor & { id: string })[]>;
  /** By institution. */
  calendars: ReadonlyMap<string, WorkingCalendar>;
  rules: ReadonlyMap<string, SharedRule>;
  /** Every obligation that a rule names, by ref. */
  obligations: ReadonlyMap<string, AnchorObligation>;
}

/** One date a rule gives. Its steps begin after the sentence of the clause, which is each obligation's own. */
export interface ScheduledDate {
  /** `unica`; in a recurrence its date before any roll; in `each` the id of the occurrence. */
  key: string;
  occurrence_id: number | null;
  opens_on: IsoDate | null;
  due_on: IsoDate | null;
  due_time: string | null;
  /** ISO instant at which the term has run out. */
  lapses_at: string | null;
  /** Milestone without date that holds it back; exactly when `due_on` is null. */
  waiting_for_id: number | null;
  provisional: string[];
  steps: Step[];
}

/**
 * Computes every rule once. An obligation serves as an anchor with the date of its accepted act or, until there is
 * one, with its own due date, which makes what counts from it provisional. Throws RuleError, naming an obligation,
 * for a rule that cannot be computed and for rules that count from each other in a circle.
 */
export function computeSchedule(inputs: ScheduleInputs): Map<string, ScheduledDate[]> {
  refuseCircles(inputs);
  const { milestones, occurrences, calendars, rules } = inputs;
  const start = milestones.get('inicio_proceso_local')?.date;
  const end = milestones.get('fin_proceso_local')?.date;
  const computed = new Map<string, ScheduledDate[]>();
  const anchors = new Map<string, Anchor & { waiting_for_id: number | null }>();

  const anchor = (key: string): (Anchor & { waiting_for_id: number | null }) | undefined => {
    const ref = obligationOfKey(key);
    if (ref === undefined) {
      const milestone = milestones.get(key);
      return milestone && { ...milestone, waiting_for_id: milestone.id };
    }
    const known = anchors.get(ref);
    if (known) return known;
    const obligation = inputs.obligations.get(ref);
    if (!obligation) throw new RuleError('milestone', `No existe la obligación «${ref}»`);
    const found = { ...obligationAnchor(obligation, inputs, datesOf), key };
    anchors.set(ref, found);
    return found;
  };
  const context: Omit<RuleContext, 'calendar'> = {
    anchor,
    occurrences: (trigger) => [...(occurrences.get(trigger) ?? [])],
    ...(start ? { process: { start, end: end ?? null, fixed_at: 'anchor' as const } } : {}),
  };
  function datesOf(key: string): ScheduledDate[] {
    const known = computed.get(key);
    if (known) return known;
    const { rule, institution, ref } = rules.get(key)!;
    try {
      const calendar = calendars.get(institution) ?? workingCalendar([]);
      const dates = scheduledDates(
        rule,
        { ...context, calendar },
        (waitingFor) => anchor(waitingFor)!.waiting_for_id!,
      );
      computed.set(key, dates);
      return dates;
    } catch (error) {
      if (!(error instanceof RuleError) || error instanceof NamedRuleError) throw error;
      throw new NamedRuleError(error.field, `${ref}: ${error.message}`);
    }
  }
  for (const key of rules.keys()) datesOf(key);
  return computed;
}

/** A RuleError whose message already says which obligation it is about. */
class NamedRuleError extends RuleError {}

function scheduledDates(
  rule: DeadlineRule,
  context: RuleContext,
  milestoneBehind: (key: string) => number,
): ScheduledDate[] {
  const result = computeDeadline(rule, context);
  switch (result.kind) {
    case 'undated':
      return [];
    case 'waiting':
      // A trigger that has not happened yet owes nothing; a milestone without date holds its deadline back.
      if (rule.type === 'each') return [];
      return [
        {
          key: 'unica',
          occurrence_id: null,
          opens_on: null,
          due_on: null,
          due_time: null,
          lapses_at: null,
          waiting_for_id: milestoneBehind(result.for),
          provisional: [],
          steps: result.steps,
        },
      ];
    case 'dated':
      return result.instances.map((instance) => scheduled(instance, rule.type === 'each'));
  }
}

function scheduled(
  { key, opens_on, due_on, due_time, provisional, steps }: DeadlineInstance,
  counted: boolean,
): ScheduledDate {
  return {
    key,
    occurrence_id: counted ? Number(key) : null,
    opens_on: opens_on ?? null,
    due_on,
    due_time: due_time ?? null,
    lapses_at: due_time === undefined ? endOfDay(due_on) : instantOf(`${due_on}T${due_time}`),
    waiting_for_id: null,
    provisional,
    steps,
  };
}

function obligationAnchor(
  { ref, title, rule, act, stays }: AnchorObligation,
  { rules }: ScheduleInputs,
  datesOf: (key: string) => ScheduledDate[],
): Omit<Anchor, 'key'> & { waiting_for_id: number | null } {
  const shared = rule === null ? undefined : rules.get(rule);
  if (!shared || !hasOneDate(shared.rule)) {
    throw new RuleError('milestone', `${ref} no tiene una fecha única desde la que se pueda contar`);
  }
  const name = `${ref} · ${title}`;
  if (act) {
    const source = `Acto aceptado de ${ref}, ${act.document}`;
    return { name, date: act.date, ...timed(act.time), firm: true, source, waiting_for_id: null };
  }
  const source = `Vencimiento de ${ref}, hasta que se acepte su cumplimiento`;
  if (stays) {
    const { date, time, waiting_for_id } = stays;
    return { name, date, ...timed(time), firm: false, source, waiting_for_id };
  }
  const [own] = datesOf(rule!);
  const { due_on, due_time, waiting_for_id } = own!;
  return { name, date: due_on, ...timed(due_time), firm: false, source, waiting_for_id };
}

const timed = (time: string | null) => (time === null ? {} : { time });

/** Whether a rule gives exactly one date, so that another may count from it. */
function hasOneDate({ type }: DeadlineRule): boolean {
  return type !== 'each' && type !== 'recurring' && type !== 'standing';
}

/** The obligations a rule counts from, by ref. */
export function obligationsOf(rule: DeadlineRule): string[] {
  return milestonesOf(rule).flatMap(({ key }) => obligationOfKey(key) ?? []);
}

/** Rules that count from each other are refused even when an accepted act has meanwhile cut the circle. */
function refuseCircles({ rules, obligations }: ScheduleInputs): void {
  const cleared = new Set<string>();
  const walk = (ref: string, path: readonly string[]): void => {
    const again = path.indexOf(ref);
    if (again >= 0) {
      const circle = [...path.slice(again), ref].join(' → ');
      throw new NamedRuleError('milestone', `Dependencia circular: ${circle}`);
    }
    const key = obligations.get(ref)?.rule;
    const shared = key == null ? undefined : rules.get(key);
    if (!shared || cleared.has(ref)) return;
    for (const next of obligationsOf(shared.rule)) walk(next, [...path, ref]);
    cleared.add(ref);
  };
  for (const ref of [...obligations.keys()].sort()) walk(ref, []);
}

/** The rules whose dates hang from each milestone, directly or through other obligations, by the milestone's key. */
export function rulesByMilestone({ rules, obligations }: ScheduleInputs): Map<string, string[]> {
  const roots = (rule: DeadlineRule, seen: ReadonlySet<string>): string[] => {
    const regime = rule.counting === 'by_process' ? ['inicio_proceso_local', 'fin_proceso_local'] : [];
    const anchors = milestonesOf(rule).flatMap(({ key }) => {
      const ref = obligationOfKey(key);
      if (ref === undefined) return [key];
      const shared = seen.has(ref) ? undefined : rules.get(obligations.get(ref)?.rule ?? '');
      return shared ? roots(shared.rule, new Set([...seen, ref])) : [];
    });
    return [...new Set([...anchors, ...regime])];
  };
  const found = new Map<string, string[]>();
  for (const [key, { rule }] of rules) {
    for (const milestone of roots(rule, new Set())) {
      found.set(milestone, [...(found.get(milestone) ?? []), key]);
    }
  }
  return found;
}
