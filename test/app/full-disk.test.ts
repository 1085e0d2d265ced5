// A report whose file the disk has no room for: what was typed stays, the file does not, and it says so.
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listUnreported } from '../support/facts-of-deadlines.ts';
import { pdfFile } from '../support/files.ts';
import { GOOD_REPORT, postReport } from '../support/report.ts';
import { startProgram } from '../support/web.ts';

/** Puts a disk of 64 kB in the place of a folder; false where that is not allowed. */
function shrink(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
}

test('a file that finds no room is refused by name, and neither it nor a report is left', async (context) => {
  const program = await startProgram();
  onTestFinished(() => program.close());
  const incoming = join(program.folder, 'incoming');
  if (!shrink(incoming)) {
    const left_out = 'A full disk was not tried: only root may put a small disk in the place of a folder';
    if (process.env['CI']) throw new Error(left_out);
    console.warn(left_out);
    return context.skip(left_out);
  }
  onTestFinished(() => void spawnSync('umount', [incoming]));
  const area = await program.logInAs('enlace.deoe@iem.example');
  const [deadline] = await listUnreported(program.db, 'iem_deoe');
  const small = await pdfFile('Oficio');
  const bytes = new Uint8Array(Buffer.concat([small, Buffer.alloc(200_000)]));
  const answer = await postReport(area, deadline!.id, { ...GOOD_REPORT, note: 'Lo que ya escribí' }, [
    { name: 'oficio.pdf', bytes },
  ]);
  expect(answer.status).toBe(507);
  const page = await answer.text();
  expect(page).toContain('«oficio.pdf» no se guardó: al servidor se le acabó el espacio');
  expect(page).toContain('Lo que ya escribí');
  expect(await readdir(incoming)).toEqual([]);
  expect(await program.db.selectFrom('draft_file').selectAll().execute()).toEqual([]);
  const reports = program.db.selectFrom('submission').where('deadline_id', '=', deadline!.id).selectAll();
  expect(await reports.execute()).toEqual([]);
});
