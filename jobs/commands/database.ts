// Commands that prepare the database: migrate and seed.
import { now } from '../../db/clock.ts';
import { seedCatalogue } from '../../db/seed-catalogue.ts';
import { prepareDemo } from '../demo.ts';
import type { Command } from './command.ts';
import { withDatabase } from './session.ts';

/** `convenio migrate`. Opening the database already brings its schema up to date. */
export const migrate: Command = (input) =>
  withDatabase(
    input,
    ({ kind }) => {
      input.log(`El esquema está al día (${kind === 'demo' ? 'demostración' : 'producción'}).`);
      return Promise.resolve(0);
    },
    { asIs: true },
  );

/** `convenio seed`. */
export const seed: Command = (input) =>
  withDatabase(
    input,
    async ({ db, kind }) => {
      if (kind === 'demo') await prepareDemo(db, input.log);
      const { areas, milestones, obligations, clauses, deadlines } = await seedCatalogue(db, await now(db));
      input.log(
        `Catálogo: ${areas} áreas, ${milestones} hitos y disparadores, ${clauses} cláusulas, ${obligations} obligaciones.`,
      );
      input.log(
        `Vencimientos: ${deadlines.added} nuevos, ${deadlines.moved} con fecha nueva, ${deadlines.unchanged} iguales.`,
      );
      return 0;
    },
    { asIs: true },
  );
