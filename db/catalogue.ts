// The catalogue's files as typed records; what each field means is told in db/catalogue/README.md.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const area = z.strictObject({
  key: z.string(),
  institution: z.enum(['INE', 'IEM']),
  name: z.string(),
  acronym: z.string(),
  parent: z.string().nullable(),
  kind: z.string(),
  email: z.email(),
  aliases: z.array(z.string()),
  source: z.string(),
  note: z.string().nullable(),
});

const milestone = z.strictObject({
  key: z.string(),
  name: z.string(),
  date: z.iso.date().nullable(),
  time: z.string().nullable(),
  status: z.enum(['firme', 'provisional']),
  repeatable: z.boolean(),
  process: z.string().nullable(),
  approx: z.string().nullable(),
  source: z.string(),
  note: z.string().nullable(),
});

const obligation = z.strictObject({
  ref: z.string(),
  instrument: z.enum(['CG', 'AT', 'AF']),
  materia: z.string(),
  numeral: z.string(),
  title: z.string(),
  description: z.string(),
  obligor: z.enum(['INE', 'IEM', 'ambos']),
  responsible: z.string(),
  co_responsible: z.array(z.string()),
  informed: z.array(z.string()),
  counterpart: z.string(),
  deadline: z.record(z.string(), z.unknown()),
  deadline_text: z.string(),
  /** Dates worked out by hand; only the tests read them. */
  expected_2023_2024: z.array(z.string()).nullable(),
  evidence: z.string(),
  priority: z.enum(['alta', 'media', 'baja']),
  condition: z.string().nullable(),
  legal_basis: z.string(),
  verification: z.enum(['ley', 'calendario', 'por_cotejar']),
  note: z.string().nullable(),
});

const programmeEntry = z.strictObject({
  code: z.string(),
  level: z.enum(['actividad', 'subactividad', 'accion']),
  parent: z.string().nullable(),
  title: z.string(),
  description: z.string(),
  period_from: z.iso.date(),
  period_to: z.iso.date(),
  period_source: z.enum(['propio', 'heredado']),
  responsible: z.string(),
  co_responsible: z.array(z.string()),
  body: z.string(),
  commission_role: z.array(z.string()),
  deliverable: z.string().nullable(),
  quirks: z.string().nullable(),
  source: z.string(),
});

export type CatalogueObligation = z.infer<typeof obligation>;

const file = (name: string) => readFile(new URL(`./catalogue/${name}`, import.meta.url), 'utf8');
const jsonLines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

/** The areas of both institutions; an area above another comes before it or after it in no order. */
export async function readAreas() {
  return z.array(area).parse(JSON.parse(await file('areas.json')));
}

/** Dated events of the processes and the triggers that can happen many times. */
export async function readMilestones() {
  return z.array(milestone).parse(JSON.parse(await file('milestones.json')));
}

/** The obligations with their rules, legal basis and verification mark. */
export async function readObligations() {
  return z.array(obligation).parse(jsonLines(await file('obligations.jsonl')));
}

/** The entries of the 2023 annual programme. */
export async function readAnnualProgramme() {
  return z.array(programmeEntry).parse(jsonLines(await file('pat2023.jsonl')));
}
