// `convenio audit verify`: whether the record of who did what is still the one that was written.
import { formatLongDate, localDate } from '../../app/domain/plain-date.ts';
import { findAuditEntry, verifyAudit } from '../../db/audit.ts';
import { textOption, UsageError, type Command } from './command.ts';
import { withDatabase } from './session.ts';

/** `convenio audit verify`: 0 when the chain is whole and holds the hash that was asked for, 1 otherwise. */
export const audit: Command = (input) => {
  if (input.words.join(' ') !== 'verify') throw new UsageError('La orden es «audit verify».');
  const noted = textOption(input, 'contains');
  if (noted !== undefined && !/^[0-9a-f]{64}$/i.test(noted)) {
    throw new UsageError('--contains es una huella completa: 64 dígitos hexadecimales.');
  }
  return withDatabase(
    input,
    async ({ db }) => {
      const { entries, head, broken } = await verifyAudit(db);
      if (broken) {
        input.print(`La bitácora está alterada desde el asiento ${broken.seq}: ${broken.reason}.`);
        return 1;
      }
      input.print(`La bitácora está íntegra: ${entries} asientos. Huella del último: ${head}`);
      if (noted === undefined) return 0;
      const entry = await findAuditEntry(db, noted);
      input.print(
        entry
          ? `La huella indicada es la del asiento ${entry.seq}, del ${formatLongDate(localDate(entry.at))}.`
          : 'La huella indicada no está en la bitácora: fue reescrita, o la huella es de otra instalación.',
      );
      return entry ? 0 : 1;
    },
    { asIs: true },
  );
};
