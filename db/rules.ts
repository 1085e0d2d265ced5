// Obligations with the versions of their deadline rule: reading them, trying a new one, and putting it in force.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { parseDeadlineRule, keyOfObligation, type DeadlineRule } from '../app/domain/deadline-rule.ts';
import type { Moment } from '../app/domain/moment.ts';
import { localDateTime, type IsoDate } from '../app/domain/plain-date.ts';
import { ruleWords, type AnchorInWords } from '../app/domain/rule-words.ts';
import { computeSchedule, type ScheduledDate } from '../app/domain/schedule.ts';
import { defaultDecision, type ScheduleEffect } from '../app/domain/schedule-effect.ts';
import { recordAudit } from './audit.ts';
import { queueChangeMails } from './change-mails.ts';
import type { Db } from './client.ts';
import { recordChange } from './schedule-changes.ts';
import {
  lockProcess,
  previewSchedule,
  recomputeDeadlines,
  type ScheduleChange,
} from './deadline-schedule.ts';
import { draftKey, loadScheduleInputs, withDraft } from './schedule-inputs.ts';
import { inTransaction } from './transaction.ts';

/**
 * The obligation with that ref in a published process: the one of `processKey`, or of the newest process that has
 * it when none is asked for.
 */
export async function findObligation(db: Db, ref: string, processKey: string | null) {
  return db
    .selectFrom('obligation as o')
    .innerJoin('process as p', 'p.id', 'o.process_id')
    .innerJoin('clause as c', 'c.id', 'o.clause_id')
    .innerJoin('instrument_version as iv', 'iv.id', 'c.instrument_version_id')
    .innerJoin('instrument as i', 'i.id', 'iv.instrument_id')
    .innerJoin('area as counterpart', 'counterpart.id', 'o.counterpart_area_id')
    .where('o.ref', '=', ref)
    .where('p.published_at', 'is not', null)
    .$if(processKey !== null, (query) => query.where('p.key', '=', processKey!))
    .select([
      'o.id',
      'o.ref',
      'o.title',
      'o.description',
      'o.obligor',
      'o.priority',
      'o.condition',
      'o.legal_basis',
      'o.verification',
      'o.evidence_expected',
      'o.note',
      'o.process_id',
      'o.counterpart_area_id',
      'p.key as process_key',
      'p.name as process_name',
      'c.number as clause_number',
      'c.heading as clause_heading',
      'c.text as clause_text',
      'i.key as instrument_key',
      'i.title as instrument_title',
      'counterpart.name as counterpart_name',
      'counterpart.institution as counterpart_institution',
    ])
    .orderBy('p.id', 'desc')
    .executeTakeFirst();
}

/** Ids of the dates an obligation has or had. */
export async function listDeadlineIds(db: Db, obligationId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('deadline')
    .where('obligation_id', '=', obligationId)
    .select('id')
    .execute();
  return rows.map(({ id }) => id);
}

export interface RuleVersion {
  version: number;
  /** Null when this version repeals. */
  rule: DeadlineRule | null;
  /** The term as the document words it. */
  sentence: string;
  recorded_at: string;
  recorded_by: string | null;
  /** The document that ordered it; null for the first load of the catalogue. */
  act: string | null;
  undone_at: string | null;
  change_id: number | null;
  /** Instant from which the next version holds; null for the one in force. */
  valid_until: string | null;
}

/** The versions of an obligation's rule, the newest first. */
export async function listRuleVersions(db: Db, obligationId: number): Promise<RuleVersion[]> {
  const rows = await db
    .selectFrom('deadline_rule as r')
    .leftJoin('person', 'person.id', 'r.recorded_by')
    .leftJoin('schedule_change as change', 'change.id', 'r.change_id')
    .where('r.obligation_id', '=', obligationId)
    .select([
      'r.version',
      'r.rule',
      'r.sentence',
      'r.recorded_at',
      'person.name as recorded_by',
      'change.act',
      'change.undone_at',
      'r.change_id',
      sql<string | null>`lead(r.recorded_at) over (order by r.version)`.as('valid_until'),
    ])
    .orderBy('r.version', 'desc')
    .execute();
  return rows.map(({ rule, ...row }) => ({ ...row, rule: storedRule(rule) }));
}

function storedRule(json: unknown): DeadlineRule | null {
  if (json === null) return null;
  const read = parseDeadlineRule(json);
  if (!read.ok) throw new Error(`A stored rule is not valid: ${JSON.stringify(read.errors)}`);
  return read.rule;
}

/** What a rule may be counted from, as a form offers it and a sentence names it. */
export interface RuleAnchor extends AnchorInWords {
  key: string;
  kind: 'milestone' | 'trigger' | 'obligation';
  date: IsoDate | null;
}

/** The milestones, repeatable events and obligations of a process, by name; obligations only with a single date. */
export async function listRuleAnchors(db: Db, processId: number): Promise<RuleAnchor[]> {
  const { rows: milestones } = await sql<{
    key: string;
    name: string;
    repeatable: boolean;
    date: IsoDate | null;
    time: string | null;
    firm: boolean | null;
  }>`
    select distinct on (m.id) m.key, m.name, m.repeatable, v.on_date as date, v.at_time as time, v.firm
    from milestone m left join milestone_version v on v.milestone_id = m.id
    where m.process_id = ${processId}
    order by m.id, v.version desc`.execute(db);
  const { rows: obligations } = await sql<{
    ref: string;
    title: string;
    date: IsoDate | null;
    firm: boolean;
  }>`
    select o.ref, o.title, coalesce(accepted.act_on, v.due_on) as date, accepted.act_on is not null as firm
    from obligation o
    join lateral (
      select rule from deadline_rule where obligation_id = o.id order by version desc limit 1
    ) r on r.rule->>'type' not in ('each', 'recurring', 'standing')
    left join deadline d on d.obligation_id = o.id and d.key = 'unica'
    left join deadline_version v on v.deadline_id = d.id and v.superseded_at is null
    left join lateral (
      select s.act_on from submission s join review on review.submission_id = s.id and review.decision = 'accepted'
      where s.deadline_id = d.id order by s.attempt desc limit 1
    ) accepted on true
    where o.process_id = ${processId}
    order by o.ref`.execute(db);
  return [
    ...milestones
      .map(({ repeatable, time, firm, ...milestone }): RuleAnchor => ({
        ...milestone,
        kind: repeatable ? 'trigger' : 'milestone',
        ...(time === null ? {} : { time }),
        firm: firm ?? false,
      }))
      .sort((a, b) => (a.date ?? '~').localeCompare(b.date ?? '~') || a.name.localeCompare(b.name)),
    ...obligations.map(({ ref, title, date, firm }): RuleAnchor => ({
      key: keyOfObligation(ref),
      name: `${ref} · ${title}`,
      kind: 'obligation',
      date,
      firm,
    })),
  ];
}

/** The anchors by key, as `ruleWords` asks for them: a repeatable event has no date of its own. */
export function anchorsInWords(anchors: readonly RuleAnchor[]): (key: string) => AnchorInWords | undefined {
  const byKey = new Map(
    anchors.map(({ kind, ...anchor }) => [anchor.key, kind === 'trigger' ? { name: anchor.name } : anchor]),
  );
  return (key) => byKey.get(key);
}

export interface RuleDraft {
  rule: DeadlineRule;
  sentence: string;
}

export interface RulePreview {
  dates: ScheduledDate[];
  /** For an event that has not happened: what the rule would give if it happened at the moment. */
  example: ScheduledDate | null;
  effects: ScheduleEffect[];
  /** Names this preview: it differs when the rule, its sentence, the version before it or what it would do differs. */
  fingerprint: string;
}

/** An obligation whose rule is edited, with the version of the rule that the person saw. */
export interface EditedObligation {
  id: number;
  ref: string;
  process_id: number;
  base_version: number;
}

/**
 * What a rule would give for an obligation and what that would change; nothing is written. Throws RuleError when it
 * cannot be computed, never occurs, or counts in a circle.
 */
export async function previewRule(
  db: Db,
  obligation: EditedObligation,
  moment: Moment,
  draft: RuleDraft,
): Promise<RulePreview> {
  const rules = new Map([[obligation.id, draft]]);
  const stored = await loadScheduleInputs(db, obligation.process_id, { rules });
  const inputs = await withDraft(db, stored, { rules });
  const datesFor = (drafted: typeof inputs) => computeSchedule(drafted).get(draftKey(obligation.id)) ?? [];
  const dates = datesFor(inputs);
  const effects = await previewSchedule(db, obligation.process_id, moment, { rules });
  const facts = effects.map(({ area_name: _area, title: _title, ...effect }) => effect);
  const seen = JSON.stringify([obligation.base_version, draft.rule, draft.sentence, facts]);
  const fingerprint = createHash('sha256').update(seen).digest('hex');
  const preview = { dates, example: null, effects, fingerprint };
  if (draft.rule.type !== 'each' || dates.length > 0) return preview;

  const key = draft.rule.trigger;
  const milestone = await db
    .selectFrom('milestone')
    .where('process_id', '=', obligation.process_id)
    .where('key', '=', key)
    .select('name')
    .executeTakeFirst();
  const [date = moment.today, time] = localDateTime(moment.at).split('T');
  const happened = { id: '0', key, name: milestone?.name ?? key, date, firm: true, source: 'Supuesto' };
  const occurrences = new Map([...inputs.occurrences, [key, [{ ...happened, ...(time && { time }) }]]]);
  const [example = null] = datesFor({ ...inputs, occurrences });
  return { ...preview, example };
}

export interface NewRule extends RuleDraft {
  /** The document that orders it. */
  act: string;
  /** Fingerprint of the preview the person decided on. */
  seen: string;
  person_id: number;
}

export type SaveRuleOutcome =
  | { kind: 'saved'; version: number; change: ScheduleChange }
  /** Somebody else put another version in force: nothing was done. */
  | { kind: 'conflict' }
  /** The rule, or what it would do, is not what the person saw: nothing was done. */
  | { kind: 'unseen'; preview: RulePreview };

/**
 * Puts a new version of the rule in force with the act behind it, computes the process anew, cancels the notices of
 * dates that moved and writes to each area once, all or nothing. A date with a report in review keeps its day; what is concluded never moves.
 * Throws RuleError when the rule cannot be computed; then nothing is written.
 */
export async function saveRule(
  db: Db,
  obligation: EditedObligation,
  draft: NewRule,
  asked: Moment,
): Promise<SaveRuleOutcome> {
  const { rule, sentence, act, person_id } = draft;
  return inTransaction(db, async (trx) => {
    const moment = await lockProcess(trx, obligation.process_id, asked);
    const newest = await trx
      .selectFrom('deadline_rule')
      .where('obligation_id', '=', obligation.id)
      .select(({ fn }) => fn.max('version').as('version'))
      .executeTakeFirstOrThrow();
    if (newest.version !== obligation.base_version) return { kind: 'conflict' };
    const preview = await previewRule(trx, obligation, moment, { rule, sentence });
    if (preview.fingerprint !== draft.seen) return { kind: 'unseen', preview };
    const anchorOf = anchorsInWords(await listRuleAnchors(trx, obligation.process_id));
    const words = ruleWords(rule, (key) => {
      const anchor = anchorOf(key);
      return anchor && { name: anchor.name };
    });
    const changeId = await recordChange(
      trx,
      {
        process_id: obligation.process_id,
        kind: 'rule',
        summary: `Regla de plazo de ${obligation.ref}: ${words}`,
        act,
        person_id,
      },
      moment,
    );
    const version = obligation.base_version + 1;
    await trx
      .insertInto('deadline_rule')
      .values({
        obligation_id: obligation.id,
        version,
        rule: JSON.stringify(rule),
        sentence,
        recorded_at: moment.at,
        recorded_by: person_id,
        change_id: changeId,
      })
      .execute();
    const change = await recomputeDeadlines(trx, obligation.process_id, moment, {
      changeId,
      keep: idsToKeep(preview.effects),
    });
    const mails = await queueChangeMails(trx, changeId, 'date_change', moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: 'cambió la regla de plazo',
      subject: `obligación ${obligation.id}`,
      detail: { ref: obligation.ref, version, act, sentence, rule, change_id: changeId, ...change, mails },
    });
    return { kind: 'saved', version, change };
  });
}

/** Dates that would move although a report on them waits for a decision. */
function idsToKeep(effects: readonly ScheduleEffect[]): Set<number> {
  return new Set(
    effects.flatMap((effect) =>
      effect.reason === 'in_review' && defaultDecision(effect) === 'keep' ? (effect.deadline_id ?? []) : [],
    ),
  );
}
