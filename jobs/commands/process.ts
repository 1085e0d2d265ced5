// `convenio process`: the next process made from an existing one, its milestones filled, and its publication.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { RuleError } from '../../app/domain/deadline-rule.ts';
import { parseKey, parseMilestones, type MilestoneEntry } from '../../app/domain/process-form.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { copyProcess } from '../../db/process-copy.ts';
import { fillMilestones } from '../../db/process-preparation.ts';
import { listFirstNotices } from '../../db/first-notices.ts';
import { compareWithSource } from '../../db/process-review.ts';
import { findProcess, listProcesses, publishProcess, type ProcessRow } from '../../db/processes.ts';
import { textOption, UsageError, type Command, type CommandInput } from './command.ts';
import { withDatabase } from './session.ts';

const AUTHOR = { actor: 'línea de comandos', person_id: null };
const PREVIEW_DAYS = 7;

/** `convenio process list|clone|milestones|dates|publish`. */
export const electoralProcess: Command = (input) => {
  const [verb = '', ...more] = input.words;
  const commands: Record<string, Command> = { list, clone, milestones, dates, publish };
  const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  if (!command || more.length > 0) {
    throw new UsageError(`La orden es «process» con ${Object.keys(commands).join(', ')}.`);
  }
  return command(input);
};

const list: Command = (input) =>
  withDatabase(input, async ({ db }) => {
    for (const { key, name, published_at, obligations } of await listProcesses(db)) {
      const state = published_at === null ? 'en preparación' : 'publicado';
      input.print([key, state, `${obligations} obligaciones`, name].join('  '));
    }
    return 0;
  });

const clone: Command = (input) => {
  const from = keyOption(input, 'from');
  const key = keyOption(input, 'key');
  const name = textOption(input, 'name')?.trim();
  if (!name) throw new UsageError('Falta --name.');
  return withDatabase(input, async ({ db }) => {
    const outcome = await copyProcess(db, { from, key, name }, AUTHOR, await now(db));
    switch (outcome.kind) {
      case 'no_source':
        throw new UsageError(`--from: no hay un proceso «${from}».`);
      case 'key_taken':
        throw new UsageError(`--key: «${key}» ya la tiene otro proceso.`);
      case 'copied':
        input.log(
          `${name}: ${outcome.obligations} obligaciones y ${outcome.milestones} hitos copiados, en preparación. ` +
            `${outcome.fixed_dates} plazos nombran días de ${from} y no dan fecha hasta que se revisen.`,
        );
        return 0;
    }
  });
};

const milestones: Command = async (input) => {
  const entries = await readEntries(input);
  return withProcess(input, async (db, found) => {
    if (found.published_at !== null)
      throw new Error('El proceso ya está publicado: sus hitos se mueven en pantalla.');
    try {
      const { changed, unknown } = await fillMilestones(db, found, entries, AUTHOR, await now(db));
      if (unknown.length > 0)
        throw new UsageError(`No hay un hito «${unknown.join('», «')}» en ${found.key}.`);
      input.log(`${changed} hitos con fecha nueva.`);
    } catch (error) {
      if (error instanceof RuleError)
        throw new Error(`Una regla no se puede calcular. ${error.message}`, { cause: error });
      throw error;
    }
    return 0;
  });
};

const dates: Command = (input) =>
  withProcess(input, async (db, found) => {
    for (const { ref, title, area_name, here, there, fixed, left_out } of await compareWithSource(
      db,
      found,
    )) {
      input.print(
        JSON.stringify({ obligation: ref, title, area: area_name, here, there, fixed_date: fixed, left_out }),
      );
    }
    return 0;
  });

const publish: Command = (input) =>
  withProcess(input, async (db, found) => {
    const moment = await now(db);
    if (input.options['dry-run']) {
      for (const day of await listFirstNotices(db, found, moment, PREVIEW_DAYS))
        input.print(JSON.stringify(day));
      return 0;
    }
    const outcome = await publishProcess(db, found, AUTHOR, moment);
    switch (outcome.kind) {
      case 'published':
        input.log(`${found.name}: publicado.`);
        return 0;
      case 'already_published':
        input.log(`${found.name} ya estaba publicado.`);
        return 0;
      case 'empty':
        throw new Error('El proceso no tiene obligaciones: primero cópialas con «process clone».');
      case 'uncovered':
        throw new Error(`Nadie recibiría los avisos de: ${outcome.areas.join('; ')}.`);
    }
  });

function withProcess(
  input: CommandInput,
  work: (db: Db, process: ProcessRow) => Promise<number>,
): Promise<number> {
  const key = keyOption(input, 'key');
  return withDatabase(input, async ({ db }) => {
    const found = await findProcess(db, key);
    if (!found) throw new UsageError(`--key: no hay un proceso «${key}».`);
    return work(db, found);
  });
}

function keyOption(input: CommandInput, name: string): string {
  const text = textOption(input, name);
  if (text === undefined) throw new UsageError(`Falta --${name}.`);
  const key = parseKey(text, `Falta --${name}.`);
  if (!key.ok) throw new UsageError(`--${name}: ${key.message}`);
  return key.value;
}

const milestoneFile = z.array(
  z.strictObject({
    key: z.string(),
    date: z.string().nullable(),
    time: z.string().nullable().default(null),
    firm: z.boolean().default(true),
    source: z.string(),
  }),
);

/** What `--set clave=AAAA-MM-DD[THH:MM]` (as often as needed) or `--file` say. */
async function readEntries(input: CommandInput): Promise<MilestoneEntry[]> {
  const file = textOption(input, 'file');
  const sets = [input.options['set'] ?? []].flat().filter((set) => typeof set === 'string');
  if ((file === undefined) === (sets.length === 0)) throw new UsageError('Indica --set o --file, no ambos.');
  const source = textOption(input, 'source') ?? 'Línea de comandos';
  const firm = input.options['provisional'] ? '' : 'sí';
  const typed = file
    ? readFileEntries(await readFile(file, 'utf8'))
    : sets.map((set) => {
        const [, key = '', date = '', time = ''] = /^([^=]+)=([^T]*)(?:T(.*))?$/.exec(set) ?? [];
        if (key === '') throw new UsageError(`--set: escribe clave=AAAA-MM-DD, no «${set}».`);
        return { key, date, time, firm, source };
      });
  const read = parseMilestones(typed);
  if (read.ok) return read.value;
  throw new UsageError(
    Object.entries(read.errors)
      .map(([field, message]) => `${field.slice(field.indexOf('.') + 1)}: ${message}`)
      .join('\n'),
  );
}

function readFileEntries(text: string) {
  try {
    return milestoneFile.parse(JSON.parse(text)).map(({ key, date, time, firm, source }) => ({
      key,
      date: date ?? '',
      time: time ?? '',
      firm: firm ? 'sí' : '',
      source,
    }));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : 'no es JSON';
    throw new UsageError(`--file: ${what}`);
  }
}
