// `convenio evidence move`: taking the files of evidence from the folder to the bucket, or back.
import { join } from 'node:path';
import { recordAudit } from '../../db/audit.ts';
import { now } from '../../db/clock.ts';
import { bucketStore } from '../../db/evidence-bucket.ts';
import { folderStore } from '../../db/evidence-folder.ts';
import { openIncoming } from '../../db/evidence-incoming.ts';
import { moveEvidence } from '../../db/evidence-move.ts';
import { listMissing } from '../../db/evidence.ts';
import { textOption, UsageError, type Command } from './command.ts';
import { withDatabase } from './session.ts';

/** `convenio evidence move`: 0 when everything the reports refer to is whole in its new place, 1 otherwise. */
export const evidence: Command = (input) => {
  if (input.words.join(' ') !== 'move') throw new UsageError('La orden es «evidence move».');
  const to = textOption(input, 'to');
  if (to !== 's3' && to !== 'folder') throw new UsageError('--to es s3 o folder.');
  const { evidenceBucket, dataDir } = input.environment;
  if (!evidenceBucket)
    throw new UsageError('Falta EVIDENCE_S3_URL: dice cuál es el depósito, en ambos sentidos.');
  const dryRun = input.options['dry-run'] === true;
  const deleteSource = input.options['delete-source'] === true;

  return withDatabase(
    input,
    async ({ db }) => {
      const folder = join(dataDir, 'evidence');
      const incoming = await openIncoming(join(folder, 'incoming'));
      const places = { folder: folderStore(folder), s3: await bucketStore(evidenceBucket) };
      const moment = await now(db);
      const { copied, present, deleted, failed } = await moveEvidence({
        from: places[to === 's3' ? 'folder' : 's3'],
        to: places[to],
        incoming,
        at: moment.at,
        dryRun,
        deleteSource,
        complain: input.log,
      });
      const missing = dryRun ? [] : await listMissing(db, places[to]);
      for (const sha256 of missing) input.log(`${sha256}: un reporte lo refiere y no está en ningún lado.`);
      input.print(
        `${dryRun ? 'Se copiarían' : 'Copiados'}: ${copied}. Ya estaban: ${present}. Borrados del origen: ${deleted}. ` +
          `Con problemas: ${failed}. Faltan: ${missing.length}.`,
      );
      if (!dryRun) {
        await recordAudit(db, {
          at: moment.at,
          actor: 'línea de comandos',
          verb: 'movió la evidencia',
          subject: to === 's3' ? 'al depósito' : 'a la carpeta',
          detail: { copied, present, deleted, failed, missing: missing.length },
        });
      }
      return failed + missing.length === 0 ? 0 : 1;
    },
    { asIs: true },
  );
};
