import { expect, test } from 'vitest';
import { connect } from '../../db/client.ts';
import { freshDatabase } from '../support/database.ts';
import { convenio, jsonLines } from '../support/program.ts';

test('the next process is copied, filled and looked at from the command line, and sends nothing', async () => {
  const { url } = await freshDatabase('catalogue');
  const env = { DATABASE_URL: url };
  const key = ['--key', 'ordinario-2026-2027'];
  const copied = await convenio(
    [
      'process',
      'clone',
      '--from',
      'ordinario-2023-2024',
      ...key,
      '--name',
      'Proceso Electoral Ordinario Local 2026-2027',
    ],
    env,
  );
  expect(copied).toMatchObject({ code: 0 });
  expect(copied.stderr).toContain('57 plazos nombran días');
  const wrong = await convenio(['process', 'milestones', ...key, '--set', 'jornda=2027-06-06'], env);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toContain('No hay un hito «jornda»');
  const filled = await convenio(
    [
      'process',
      'milestones',
      ...key,
      '--set',
      'jornada=2027-06-06T08:00',
      '--set',
      'inicio_proceso_local=2026-09-07',
      '--provisional',
    ],
    env,
  );
  expect(filled.stderr).toContain('2 hitos con fecha nueva');
  const dates = jsonLines((await convenio(['process', 'dates', ...key], env)).stdout);
  // 30 days before 6 June 2027.
  expect(dates.find(({ obligation }) => obligation === 'AT-C-4')).toMatchObject({
    here: { first_on: '2027-05-07', provisional: true },
    there: { first_on: '2024-05-03' },
  });
  // Nobody is in office in a fresh catalogue: it cannot be published.
  const refused = await convenio(['process', 'publish', ...key], env);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('Nadie recibiría los avisos');
  const db = connect(url, 1);
  expect(await db.selectFrom('notice').select('id').execute()).toEqual([]);
  await db.destroy();
});
