import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect } from '../../db/client.ts';
import { freshDatabase } from '../support/database.ts';
import { convenio, dataFolder, jsonLines } from '../support/program.ts';
import { textOf } from '../support/reports.ts';
import { smtpSink } from '../support/smtp-sink.ts';

describe('convenio compute', () => {
  test('writes every case with its result and steps, and names the field of those that have none', async () => {
    const lines = [
      {
        id: 'a',
        rule: { type: 'offset', milestone: 'jornada', amount: 30, unit: 'days', direction: 'before' },
        milestones: { jornada: '2024-06-02T08:00' },
      },
      { id: 'b', rule: { type: 'on', date: '2024-02-30' }, milestones: {} },
      {
        id: 'c',
        rule: { type: 'offset', milestone: 'nadie', amount: 1, unit: 'days', direction: 'after' },
        milestones: {},
      },
    ];
    const { code, stdout } = await convenio(
      ['compute'],
      {},
      lines.map((line) => JSON.stringify(line)).join('\n'),
    );
    const [a, b, c] = jsonLines(stdout);
    expect(code).toBe(0);
    expect(a).toMatchObject({ id: 'a', result: '2024-05-03' });
    expect(a!['steps']).toBeInstanceOf(Array);
    expect(b).toMatchObject({ id: 'b', error: { field: 'rule.date' } });
    expect(c).toMatchObject({ id: 'c', error: { field: 'rule.milestone' } });
  });

  test('says which file it could not read', async () => {
    const { code, stderr } = await convenio(['compute', '/no/existe.jsonl']);
    expect(code).toBe(1);
    expect(stderr).toContain('/no/existe.jsonl');
    expect(stderr).not.toContain('at ');
  });
});

describe('on a database of its own', () => {
  test('seed loads only the catalogue, and again nothing', async () => {
    const { url } = await freshDatabase('empty');
    const first = await convenio(['seed'], { DATABASE_URL: url });
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain('51 áreas, 71 hitos y disparadores');
    expect(first.stderr).toContain('150 obligaciones');
    const second = await convenio(['seed'], { DATABASE_URL: url });
    expect(second.stderr).toContain('0 nuevos, 0 con fecha nueva');
    const db = connect(url, 1);
    expect(await db.selectFrom('person').select('id').execute()).toEqual([]);
    expect(
      await db.selectFrom('non_working_day').select('day').where('institution', '=', 'IEM').execute(),
    ).toHaveLength(7 * 5 + 1 + 3);
    await db.destroy();
  });

  test('deadlines --json agrees with every date worked out by hand', async () => {
    const { url } = await freshDatabase('catalogue');
    const { code, stdout } = await convenio(['deadlines', '--json'], { DATABASE_URL: url });
    expect(code).toBe(0);
    const rows = jsonLines(stdout);
    const catalogue = jsonLines(
      await readFile(new URL('../../db/catalogue/obligations.jsonl', import.meta.url), 'utf8'),
    );
    for (const obligation of catalogue) {
      const own = rows.filter((row) => row['obligation'] === obligation['ref'] && row['due_on'] !== null);
      const dates = own.flatMap((row) => [
        ...(typeof row['opens_on'] === 'string' ? [row['opens_on']] : []),
        String(row['due_at'] ?? row['due_on']),
      ]);
      expect({ ref: obligation['ref'], dates }).toEqual({
        ref: obligation['ref'],
        dates: obligation['expected_2023_2024'] ?? [],
      });
      for (const row of own) expect(row['steps']).not.toEqual([]);
    }
    const waiting = rows.filter((row) => row['status'] === 'waiting').map((row) => row['obligation']);
    expect(waiting.sort()).toEqual(['AF-FIN-1', 'AT-A-4', 'CG-TRA-3', 'CG-VIG-4']);
  });

  test('report writes every kind of file, all with the hash of the same report', async () => {
    const { url } = await freshDatabase('catalogue');
    const folder = await dataFolder();
    await mkdir(folder, { recursive: true });
    const asked = ['report', 'overdue', '--as-of', '2024-05-10', '--format'];
    const printed = await convenio([...asked, 'json', '--public'], { DATABASE_URL: url });
    const { sha256 } = JSON.parse(printed.stdout) as { sha256: string };
    for (const format of ['pdf', 'xlsx', 'docx'] as const) {
      const file = join(folder, `informe.${format}`);
      const written = await convenio([...asked, format, '--output', file], { DATABASE_URL: url });
      expect(written).toMatchObject({ code: 0, stdout: '' });
      expect(await textOf(format, new Uint8Array(await readFile(file)))).toContain(sha256);
    }
  });

  test('tick refuses to pretend when there is nowhere to send', async () => {
    const { url } = await freshDatabase('catalogue');
    const { code, stderr } = await convenio(['tick', '--at', '2024-05-15'], { DATABASE_URL: url });
    expect(code).toBe(1);
    expect(stderr).toContain('SMTP_URL');
  });

  test('tick says which areas have nobody to tell and does not end well', async () => {
    const { url } = await freshDatabase('catalogue');
    const sink = await smtpSink();
    const { code, stderr } = await convenio(['tick', '--at', '2024-05-15'], {
      DATABASE_URL: url,
      SMTP_URL: sink.url,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('Sin persona vigente a quien avisar');
    expect(sink.received).toEqual([]);
  });

  test('simulate says who would receive what and when, and keeps nothing', async () => {
    const { url } = await freshDatabase('demo');
    const { code, stdout } = await convenio(
      ['simulate', '--from', '2024-05-16', '--to', '2024-05-20', '--area', 'iem_deoe', '--json'],
      { DATABASE_URL: url },
    );
    expect(code).toBe(0);
    const foreseen = jsonLines(stdout);
    expect(foreseen.length).toBeGreaterThan(0);
    for (const notice of foreseen) {
      expect(notice['area']).toBe('iem_deoe');
      expect(String(notice['at'])).toMatch(/^2024-05-(16|17|20)T08:00$/);
    }
    const db = connect(url, 1);
    expect(await db.selectFrom('notice').select('id').execute()).toEqual([]);
    await db.destroy();
  });

  test('person add makes somebody who is told and may log in', async () => {
    const { url } = await freshDatabase('catalogue');
    const sink = await smtpSink();
    const env = { DATABASE_URL: url, SMTP_URL: sink.url };
    const added = await convenio(
      [
        'person',
        'add',
        '--name',
        'Titular',
        '--email',
        'Titular@IEM.example',
        '--role',
        'direccion',
        '--area',
        'iem_devspe',
        '--post',
        'titular',
        '--from',
        '2023-01-01',
      ],
      env,
    );
    expect(added).toMatchObject({ code: 0 });
    const ticked = await convenio(['tick', '--at', '2024-05-15', '--json'], env);
    expect(ticked.code).toBe(0);
    const notices = jsonLines(ticked.stdout);
    expect(notices.length).toBeGreaterThan(0);
    expect(new Set(notices.map((notice) => notice['to']))).toEqual(new Set(['titular@iem.example']));
    expect(sink.received.map(({ message_id }) => message_id)).toEqual([
      ...new Set(notices.map((notice) => notice['message_id'])),
    ]);
    const wrong = await convenio(
      ['person', 'add', '--name', 'X', '--email', 'a@b.mx', '--area', 'iem_nadie', '--post', 'enlace'],
      env,
    );
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('iem_nadie');
  });
});

describe('without a database of its own', () => {
  test('the demo is prepared, ticked over real SMTP, reported on, and nothing is left running', async () => {
    const DATA_DIR = await dataFolder();
    const sink = await smtpSink();
    const env = { DATA_DIR, SMTP_URL: sink.url };
    const rehearsed = await convenio(['tick', '--at', '2024-05-15', '--dry-run', '--json'], env);
    expect(rehearsed.code).toBe(0);
    expect(sink.received).toEqual([]);
    const ticked = await convenio(['tick', '--at', '2024-05-15', '--json'], env);
    const again = await convenio(['tick', '--at', '2024-05-15', '--json'], env);
    expect(jsonLines(ticked.stdout)).toHaveLength(jsonLines(rehearsed.stdout).length);
    expect(again.stdout).toBe('');
    expect(new Set(sink.received.map(({ message_id }) => message_id))).toEqual(
      new Set(jsonLines(ticked.stdout).map((notice) => notice['message_id'])),
    );

    const json = JSON.parse(
      (await convenio(['report', 'overdue', '--as-of', '2024-05-15', '--format', 'json'], env)).stdout,
    ) as {
      as_of: string;
      totals: Record<string, number>;
      rows: { obligation: string }[];
    };
    expect(json.as_of).toBe('2024-05-15');
    expect(json.rows).toHaveLength(json.totals['overdue']!);
    const csv = (await convenio(['report', 'overdue', '--as-of', '2024-05-15', '--format', 'csv'], env))
      .stdout;
    expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + json.rows.length);

    const health = await convenio(['health'], env);
    expect(JSON.parse(health.stdout)).toMatchObject({ kind: 'demo' });
    expect(await readdir(join(DATA_DIR, 'holders'))).toEqual([]);
    expect(await readdir(join(DATA_DIR, 'postgres')).catch(() => [])).not.toContain('postmaster.pid');
  });
});

describe('called wrongly', () => {
  test.each([
    [['volar'], 'No hay una orden «volar»'],
    [['tick', '--at', '2024-02-30'], 'Esa fecha no existe'],
    [['tick', '--cuando'], 'No se entiende'],
    [['simulate', '--from', '2024-05-16'], 'Falta --to'],
    [['simulate', '--from', '2024-05-16', '--to', '2024-05-15'], 'anterior'],
    [['report', 'pending'], 'overdue'],
    [['report', 'overdue', '--format', 'odt'], '--format'],
    [['deadlines', '--as-of', 'ayer'], '--as-of'],
  ])('%j says what is wrong', async (words, message) => {
    const { code, stderr, stdout } = await convenio(words, { DATA_DIR: await dataFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });

  test('a bad variable is named, its value is not, and nothing starts', async () => {
    const DATA_DIR = await dataFolder();
    const { code, stderr } = await convenio(['start'], {
      DATA_DIR,
      PORT: 'abc',
      DATABASE_URL: 'mysql://u:clave-secreta@x/y',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('PORT');
    expect(stderr).toContain('DATABASE_URL');
    expect(stderr).not.toContain('clave-secreta');
    expect(await readdir(DATA_DIR).catch(() => 'absent')).toBe('absent');
  });

  test('a database that does not answer is said in one line', async () => {
    const { code, stderr } = await convenio(['deadlines'], {
      DATABASE_URL: 'postgresql://u:clave-secreta@127.0.0.1:1/x',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('No se pudo abrir la base de datos');
    expect(stderr).not.toContain('clave-secreta');
  });
});

describe('convenio audit verify', () => {
  test('says that the record is whole and whether it still holds a hash noted down', async () => {
    const { url } = await freshDatabase('demo');
    const whole = await convenio(['audit', 'verify'], { DATABASE_URL: url });
    expect(whole.code).toBe(0);
    const head = /[0-9a-f]{64}/.exec(whole.stdout)![0];
    expect((await convenio(['audit', 'verify', '--contains', head], { DATABASE_URL: url })).code).toBe(0);
    const other = await convenio(['audit', 'verify', '--contains', 'f'.repeat(64)], { DATABASE_URL: url });
    expect(other).toMatchObject({ code: 1 });
    expect(other.stdout).toContain('no está en la bitácora');
  });
});
