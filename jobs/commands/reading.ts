// Commands that only read: deadlines and health.
import { storedRuleWords } from '../../app/domain/rule-words.ts';
import { listDeadlines, listDerivations, type DeadlineRow, type Derivation } from '../../db/deadlines.ts';
import { health } from '../../db/health.ts';
import { asOfOption, cutMoment } from './as-of.ts';
import type { Command } from './command.ts';
import { processOption } from './process-option.ts';
import { withDatabase } from './session.ts';

/** `convenio deadlines`. */
export const deadlines: Command = (input) => {
  const asOf = asOfOption(input);
  return withDatabase(input, async ({ db }) => {
    const moment = await cutMoment(input, db, asOf);
    const process = await processOption(input, db);
    const [rows, derivations] = await Promise.all([
      listDeadlines(db, moment, process),
      listDerivations(db, moment),
    ]);
    for (const row of rows) {
      input.print(
        input.options['json']
          ? JSON.stringify({ ...deadlineRecord(row), ...derivationRecord(derivations.get(row.id)) })
          : [row.due_on ?? 'en espera  ', row.ref.padEnd(9), row.status.padEnd(18), row.title].join('  '),
      );
    }
    return 0;
  });
};

/** `convenio health`. */
export const readHealth: Command = (input) =>
  withDatabase(
    input,
    async ({ db }) => {
      const state = await health(db);
      input.print(JSON.stringify(state, null, 2));
      return state.ok ? 0 : 1;
    },
    { asIs: true },
  );

/** One deadline as the command line prints it: dates as text, hours as local `AAAA-MM-DDTHH:MM`. */
function deadlineRecord(row: DeadlineRow) {
  return {
    id: row.id,
    ...(row.process_name === null ? {} : { process: row.process_name }),
    obligation: row.ref,
    key: row.key,
    title: row.title,
    area: row.area_name,
    institution: row.area_institution,
    due_on: row.due_on,
    ...(row.due_on !== null && row.due_time !== null ? { due_at: `${row.due_on}T${row.due_time}` } : {}),
    ...(row.opens_on !== null ? { opens_on: row.opens_on } : {}),
    ...(row.waiting_for !== null ? { waiting_for: row.waiting_for } : {}),
    status: row.status,
    version: row.version,
    provisional: row.provisional.length > 0,
    provisional_reasons: row.provisional,
    to_verify: row.to_verify,
  };
}

/** Why a deadline has its date, as the command line prints it: the rule in words, when it was computed, its steps. */
function derivationRecord(derivation: Derivation | undefined) {
  const { rule = null, rule_version = null, computed_at = null, steps = [] } = derivation ?? {};
  return { rule, rule_words: storedRuleWords(rule, steps) ?? null, rule_version, computed_at, steps };
}
