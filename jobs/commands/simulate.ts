// `convenio simulate`: who would receive what and when over a span of days, asked of the real planner.
import { parseIsoDate, localDateTime } from '../../app/domain/plain-date.ts';
import { now } from '../../db/clock.ts';
import { simulateNotices } from '../../db/notice-simulation.ts';
import { textOption, UsageError, type Command, type CommandInput } from './command.ts';
import { withDatabase } from './session.ts';

export const simulate: Command = (input) => {
  const from = dayOption(input, 'from');
  const to = dayOption(input, 'to');
  if (to < from) throw new UsageError('--to es anterior a --from.');
  const area = textOption(input, 'area');
  const obligation = textOption(input, 'obligation');
  return withDatabase(input, async ({ db }) => {
    const notices = await simulateNotices(db, await now(db), {
      from,
      to,
      ...(area === undefined ? {} : { area }),
      ...(obligation === undefined ? {} : { obligation }),
    });
    for (const notice of notices) {
      const at = localDateTime(notice.at);
      input.print(
        input.options['json'] === true
          ? JSON.stringify({ ...notice, at })
          : [at, notice.rung.padStart(4), notice.obligation.padEnd(9), notice.due_on, notice.to].join('  '),
      );
    }
    input.log(`Simulación: ${notices.length} avisos si nadie reporta nada; no se guardó ni se envió nada.`);
    return 0;
  });
};

function dayOption(input: CommandInput, name: string): string {
  const text = textOption(input, name);
  if (text === undefined) throw new UsageError(`Falta --${name} AAAA-MM-DD.`);
  const day = parseIsoDate(text);
  if (!day.ok) throw new UsageError(`--${name}: ${day.message}`);
  return day.value;
}
