// `convenio tick`: one pass by hand, at the present or at any instant; the same code the worker runs.
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { instantOf, parseDateAndTime, parseIsoDate } from '../../app/domain/plain-date.ts';
import { now } from '../../db/clock.ts';
import { loadAttention } from '../../db/attention.ts';
import { countUnsent } from '../../db/messages.ts';
import { rehearsePass } from '../../db/planned-notices.ts';
import { listSentNotices } from '../../db/notices.ts';
import { runPass } from '../pass.ts';
import { chooseMailer, deliveryOf } from '../start.ts';
import { textOption, UsageError, type Command } from './command.ts';
import { withDatabase } from './session.ts';

export const tick: Command = (input) => {
  const momentAsked = momentOption(textOption(input, 'at'));
  return withDatabase(input, async (database) => {
    const { db } = database;
    const at = momentAsked?.((await loadAttention(db)).hour);
    if (input.options['dry-run']) {
      const plan = await rehearsePass(db, at ?? (await now(db)));
      for (const { obligation, due_on, rung, to } of plan.notices) {
        input.print(line({ obligation, due_on, rung, to, message_id: null }, input.options['json'] === true));
      }
      input.log(
        `Ensayo: ${plan.notices.length} avisos en ${plan.messages} correos; no se guardó ni se envió nada.`,
      );
      return plan.uncovered.length === 0 ? 0 : 1;
    }
    const mailer = chooseMailer(input.environment, database);
    if (!mailer) throw new Error('Falta SMTP_URL: no hay por dónde enviar.');
    try {
      const delivery = deliveryOf(input.environment, database, mailer, input.log);
      const report = await runPass(at ? { ...delivery, clock: () => Promise.resolve(at) } : delivery);
      for (const notice of await listSentNotices(db, report.accepted)) {
        input.print(line(notice, input.options['json'] === true));
      }
      const left = await countUnsent(db, (at ?? (await now(db))).today);
      input.log(`Pasada: ${report.accepted.length} correos aceptados, ${left} sin salir.`);
      return left === 0 && report.uncovered.length === 0 ? 0 : 1;
    } finally {
      mailer.close();
    }
  });
};

interface TickLine {
  obligation: string;
  due_on: string | null;
  rung: string;
  to: string | null;
  message_id: string | null;
}

function line(notice: TickLine, json: boolean): string {
  return json
    ? JSON.stringify(notice)
    : [notice.due_on ?? '', notice.obligation.padEnd(9), notice.rung.padStart(3), notice.to ?? ''].join('  ');
}

/** The moment asked for, once the hour of the morning is known: a bare date means its morning's pass. */
function momentOption(text: string | undefined): ((hour: string) => Moment) | undefined {
  if (text === undefined) return undefined;
  const day = parseIsoDate(text);
  if (day.ok) return (hour) => momentOf(instantOf(`${day.value}T${hour}`));
  const instant = parseDateAndTime(text);
  if (!instant.ok || instant.value.time === undefined) throw new UsageError(`--at: ${day.message}`);
  const moment = momentOf(instantOf(`${instant.value.date}T${instant.value.time}`));
  return () => moment;
}
