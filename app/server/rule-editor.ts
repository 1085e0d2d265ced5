// What the rule editor does: opening its form, trying the rule it says, saving it, and saying what stands in the way.
import type { OptionGroup } from '../components/rule-controls.tsx';
import type { RulePreviewView } from '../components/rule-effects.tsx';
import { longInstantWords } from '../components/moment-words.ts';
import { countsHours, RuleError, type DeadlineRule } from '../domain/deadline-rule.ts';
import { parseFreeText } from '../domain/free-text.ts';
import type { Moment } from '../domain/moment.ts';
import { formatShortDate, type Parsed } from '../domain/plain-date.ts';
import { rruleOf } from '../domain/recurrence-form.ts';
import { RULE_FIELDS, type RuleField, type TypedRule } from '../domain/rule-fields.ts';
import { blankRule, fieldOf, readRuleForm, ruleFields } from '../domain/rule-form.ts';
import { ruleWords } from '../domain/rule-words.ts';
import type { Db } from '../../db/client.ts';
import type { Actor } from '../../db/people.ts';
import {
  anchorsInWords,
  listRuleAnchors,
  listRuleVersions,
  previewRule,
  saveRule,
  type RuleAnchor,
  type RuleVersion,
} from '../../db/rules.ts';
import type { Obligation } from './obligation-access.ts';
import { noticesOf, viewRulePreview } from './rule-preview.ts';

const OWN_FIELDS = ['sentence', 'act', 'base_version', 'seen', 'intent'] as const;
export const EDITOR_FIELDS = [...RULE_FIELDS, ...OWN_FIELDS] as const;
export type EditorField = RuleField | (typeof OWN_FIELDS)[number];
export type TypedEditor = Record<EditorField, string>;
type EditorErrors = Partial<Record<EditorField, string>>;

const LONGEST_SENTENCE = 1000;

/** The editor's form for one type of rule, filled with the rule in force when it is of that type. */
export async function openRuleForm(db: Db, obligation: Obligation, type: DeadlineRule['type'] | undefined) {
  const [versions, anchors] = await Promise.all([
    listRuleVersions(db, obligation.id),
    listRuleAnchors(db, obligation.process_id),
  ]);
  const inForce = versions[0];
  const rule = inForce?.rule ?? null;
  const fields = rule && rule.type === type ? ruleFields(rule) : newFields(type ?? 'offset', rule);
  return {
    current: {
      type: rule?.type ?? null,
      words: rule ? ruleWords(rule, anchorsInWords(anchors)) : 'no tiene',
      sentence: inForce?.sentence ?? '',
    },
    base_version: String(inForce?.version ?? 0),
    typed: { ...EMPTY, ...fields, sentence: inForce?.sentence ?? '' },
    rrule: rruleInWords(fields),
    ...optionsOf(anchors, obligation.ref),
  };
}

const EMPTY: Record<(typeof OWN_FIELDS)[number], string> = {
  sentence: '',
  act: '',
  base_version: '',
  seen: '',
  intent: '',
};

/** A new form keeps of the rule in force what every type has. */
function newFields(type: DeadlineRule['type'], rule: DeadlineRule | null): TypedRule {
  const { counting = 'natural', roll = 'none', conditional = '' } = rule ?? {};
  return { ...blankRule(type), counting, roll, conditional };
}

const rruleInWords = (fields: TypedRule) => rruleOf(fields, fields['until.kind'] === 'count').rrule;

function optionsOf(anchors: readonly RuleAnchor[], ownRef: string) {
  const option = ({ key, name, date, firm }: RuleAnchor) => ({
    value: key,
    label: `${name}${date === null ? ' — sin fecha' : ` — ${formatShortDate(date)}${firm ? '' : ' (provisional)'}`}`,
  });
  const of = (kind: RuleAnchor['kind']) => anchors.filter((anchor) => anchor.kind === kind);
  const groups: OptionGroup[] = [
    ['Hitos', of('milestone').map(option)],
    [
      'Otras obligaciones',
      of('obligation')
        .filter(({ name }) => !name.startsWith(`${ownRef} ·`))
        .map(option),
    ],
  ];
  return { anchors: groups, triggers: of('trigger').map(({ key, name }) => ({ value: key, label: name })) };
}

interface Shown {
  status: number;
  typed: TypedEditor;
  errors: EditorErrors | undefined;
  preview: RulePreviewView | undefined;
  notice: { title: string; lines: string[] } | undefined;
  base_version: string;
  rrule: string;
}

/**
 * Answers the editor's form: a preview of the rule, the saved version, or what is wrong at its field with everything
 * typed kept. Status 400 for what was typed, 413 for a rule that is too long, 409 when somebody else was faster.
 */
export async function answerRuleForm(
  db: Db,
  obligation: Obligation,
  actor: Actor,
  moment: Moment,
  typed: TypedEditor,
): Promise<{ kind: 'saved'; version: number } | { kind: 'shown'; shown: Shown }> {
  const shown = (status: number, more: Partial<Shown>): { kind: 'shown'; shown: Shown } => ({
    kind: 'shown',
    shown: {
      status,
      typed,
      errors: undefined,
      preview: undefined,
      notice: undefined,
      base_version: typed.base_version,
      rrule: rruleInWords(typed),
      ...more,
    },
  });
  const saving = typed.intent === 'save';
  const read = readRuleForm(typed);
  const sentence = parseFreeText(typed.sentence, {
    max: LONGEST_SENTENCE,
    required: 'Escribe el plazo como lo dice el documento',
  });
  const act: Parsed<string> = saving
    ? parseFreeText(typed.act, { max: 200, required: 'Indica el documento que lo ordena', line: true })
    : { ok: true, value: '' };
  if (!read.ok || !sentence.ok || !act.ok) {
    const errors: EditorErrors = read.ok ? {} : { ...read.errors };
    if (!sentence.ok) errors.sentence = sentence.message;
    if (!act.ok) errors.act = act.message;
    return shown(typed.rrule.length > 500 && errors.rrule ? 413 : 400, { errors });
  }

  const versions = await listRuleVersions(db, obligation.id);
  const newest = versions[0];
  const conflict = () =>
    shown(409, { base_version: String(newest?.version ?? 0), ...conflictNotice(newest, anchorOf) });
  const anchors = await listRuleAnchors(db, obligation.process_id);
  const anchorOf = anchorsInWords(anchors);
  if (typed.base_version !== String(newest?.version ?? 0)) return conflict();

  const edited = { ...obligation, base_version: newest?.version ?? 0 };
  const draft = { rule: read.rule, sentence: sentence.value };
  const notices = await noticesOf(db, obligation, countsHours(read.rule));
  const view = (preview: Awaited<ReturnType<typeof previewRule>>) =>
    viewRulePreview(preview, read.rule, anchorOf, notices, moment.today);
  try {
    if (!saving) return shown(200, { preview: view(await previewRule(db, edited, moment, draft)) });
    const order = { ...draft, act: act.value, seen: typed.seen, person_id: actor.id };
    const outcome = await saveRule(db, edited, order, moment);
    switch (outcome.kind) {
      case 'saved':
        return { kind: 'saved', version: outcome.version };
      case 'unseen':
        return shown(409, { preview: view(outcome.preview), notice: UNSEEN });
      case 'conflict':
        return conflict();
    }
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const own = error.message.startsWith(`${obligation.ref}: `);
    const message = own ? error.message.slice(obligation.ref.length + 2) : error.message;
    return shown(400, { errors: { [fieldOf(error.field, typed)]: message } });
  }
}

const UNSEEN = {
  title: 'Revisa las fechas y guarda otra vez',
  lines: [
    'La regla o lo que cambia con ella ya no es lo que viste. Abajo está como queda ahora; no se guardó nada.',
  ],
};

function conflictNotice(
  newest: RuleVersion | undefined,
  anchorOf: Parameters<typeof ruleWords>[1],
): Pick<Shown, 'notice'> {
  if (!newest) return { notice: undefined };
  const { version, rule, recorded_by, recorded_at, act } = newest;
  return {
    notice: {
      title: 'Alguien cambió la regla mientras la editabas',
      lines: [
        `La versión ${version}, vigente ahora, dice: ${rule ? ruleWords(rule, anchorOf) : 'sin regla'}.`,
        `La guardó ${recorded_by ?? 'el sistema'} el ${longInstantWords(recorded_at)}${act ? `, por ${act}` : ''}.`,
        'Lo que escribiste sigue aquí y no se guardó. Si todavía procede, mira otra vez las fechas y guarda.',
      ],
    },
  };
}
