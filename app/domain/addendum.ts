// An addendum read row by row and compared with the text in force: what is new, modified, repealed or the same.
import { COLUMNS, type Column, type TableRow } from './addendum-table.ts';
import { milestonesOf, parseDeadlineRule, type DeadlineRule } from './deadline-rule.ts';
import { parseFreeText } from './free-text.ts';
import { mostSimilar, plain } from './similar.ts';

export interface KnownArea {
  key: string;
  name: string;
  acronym: string;
  aliases: string[];
  institution: string;
}

export interface CurrentObligation {
  id: number;
  ref: string;
  title: string;
  /** Null when it was repealed or waits for its days. */
  rule: DeadlineRule | null;
  sentence: string;
  /** Keys, the responsible one first. */
  areas: string[];
  obligor: 'INE' | 'IEM' | 'both';
  counterpart: string;
  evidence: string;
  condition: string | null;
}

export interface CurrentClause {
  number: string;
  heading: string;
  text: string | null;
  obligations: CurrentObligation[];
}

/** What an addendum is compared with. */
export interface TextInForce {
  clauses: CurrentClause[];
  areas: KnownArea[];
  /** Keys a rule may count from: milestones, triggers, and obligations as `obligacion:AT-B-1`. */
  anchors: string[];
  /** Refs of the process that are not of this instrument. */
  otherRefs: string[];
}

export type Change = 'same' | 'new' | 'modified' | 'repealed';

export interface PlannedObligation {
  ref: string;
  change: Change;
  /** Null for a new one. */
  before: CurrentObligation | null;
  /** Null for a repealed one. */
  after: Omit<CurrentObligation, 'id'> | null;
  /** Names of what differs, in Spanish. */
  differences: string[];
}

export interface PlannedClause {
  number: string;
  change: Change;
  heading: { before: string | null; after: string | null };
  text: { before: string | null; after: string | null };
  obligations: PlannedObligation[];
}

export type AddendumPlan = { ok: true; clauses: PlannedClause[] } | { ok: false; errors: string[] };

const UNCHANGED = new Set(['', 'sin cambio', 'sin cambios', 'igual']);
const OBLIGORS: Record<string, CurrentObligation['obligor']> = { ine: 'INE', iem: 'IEM', ambos: 'both' };

/**
 * Compares the rows of an addendum with the text in force. An addendum lists only what it touches: a numeral without
 * rows stays; a row with `efecto` derogada takes back its obligation, or without `ref` the whole numeral. An empty
 * cell leaves what it is about as it is. All errors at once, each with row and column; then nothing is planned.
 */
export function planAddendum(rows: readonly TableRow[], inForce: TextInForce): AddendumPlan {
  const errors: string[] = [];
  const byNumber = new Map<string, TableRow[]>();
  for (const row of rows) {
    const number = row.cells.numeral;
    if (number === '') errors.push(`Fila ${row.row}, columna «numeral»: escribe el numeral`);
    else byNumber.set(number, [...(byNumber.get(number) ?? []), row]);
  }
  const seen = new Map<string, number>();
  for (const { row, cells } of rows) {
    if (cells.ref === '') continue;
    const first = seen.get(cells.ref);
    if (first !== undefined)
      errors.push(`Fila ${row}, columna «ref»: ${cells.ref} ya está en la fila ${first}`);
    else seen.set(cells.ref, row);
  }
  const clauses = [...byNumber].map(([number, own]) => planClause(number, own, inForce, errors));
  return errors.length > 0 ? { ok: false, errors } : { ok: true, clauses };
}

function planClause(number: string, rows: TableRow[], inForce: TextInForce, errors: string[]): PlannedClause {
  const current = inForce.clauses.find((clause) => clause.number === number);
  const whole = rows.find(({ cells }) => cells.ref === '' && repeals(cells));
  for (const { row, cells } of rows) {
    const at = (column: Column, message: string) =>
      errors.push(`Fila ${row}, columna «${column}»: ${message}`);
    if (cells.efecto !== '' && !repeals(cells)) at('efecto', 'escribe derogada o déjala vacía');
    if (repeals(cells) && !current) {
      const near = mostSimilar(
        number,
        inForce.clauses.map((clause) => clause.number),
      );
      at('numeral', `no hay un numeral ${number} en el texto vigente${near ? `; ¿${near}?` : ''}`);
    }
    for (const column of COLUMNS) {
      const text = parseFreeText(cells[column], {
        max: 20_000,
        line: column !== 'texto' && column !== 'regla',
      });
      if (!text.ok) at(column, text.message);
    }
  }
  if (whole) {
    if (rows.length > 1)
      errors.push(`Fila ${whole.row}: el numeral ${number} se deroga completo; quita sus otras filas`);
    return repealedClause(number, current);
  }
  const heading = only(rows, 'encabezado', errors);
  const text = only(rows, 'texto', errors);
  if (!current && heading === '') {
    errors.push(`Fila ${rows[0]!.row}, columna «encabezado»: un numeral nuevo necesita encabezado`);
  }
  const obligations = rows
    .filter(({ cells }) => cells.ref !== '')
    .map((row) => planObligation(row, current, inForce, errors));
  for (const { row, cells } of rows) {
    const stray =
      cells.ref === '' &&
      COLUMNS.slice(5).find((column) => cells[column] !== '' && !UNCHANGED.has(plain(cells[column])));
    if (stray)
      errors.push(`Fila ${row}, columna «${stray}»: falta decir de qué obligación es, en la columna «ref»`);
  }
  const after = {
    heading: heading || (current?.heading ?? ''),
    text: text || (current?.text ?? null),
  };
  const same =
    current !== undefined &&
    after.heading === current.heading &&
    after.text === current.text &&
    obligations.every(({ change }) => change === 'same');
  return {
    number,
    change: current ? (same ? 'same' : 'modified') : 'new',
    heading: { before: current?.heading ?? null, after: after.heading },
    text: { before: current?.text ?? null, after: after.text },
    obligations,
  };
}

const repeals = (cells: TableRow['cells']) => /^derogad[ao]s?$/.test(plain(cells.efecto));

function repealedClause(number: string, current: CurrentClause | undefined): PlannedClause {
  return {
    number,
    change: 'repealed',
    heading: { before: current?.heading ?? null, after: null },
    text: { before: current?.text ?? null, after: null },
    obligations: (current?.obligations ?? []).filter(({ rule }) => rule !== null).map(repealed),
  };
}

function repealed(before: CurrentObligation): PlannedObligation {
  return { ref: before.ref, change: 'repealed', before, after: null, differences: [] };
}

/** What the rows of one numeral say in a column that is of the numeral, not of an obligation. */
function only(rows: TableRow[], column: 'encabezado' | 'texto', errors: string[]): string {
  const said = rows.filter(({ cells }) => cells[column] !== '');
  const other = said.find(({ cells }) => cells[column] !== said[0]!.cells[column]);
  if (other) {
    errors.push(
      `Fila ${other.row}, columna «${column}»: no coincide con la fila ${said[0]!.row} del mismo numeral`,
    );
  }
  return said[0]?.cells[column] ?? '';
}

function planObligation(
  { row, cells }: TableRow,
  clause: CurrentClause | undefined,
  inForce: TextInForce,
  errors: string[],
): PlannedObligation {
  const at = (column: Column, message: string) => errors.push(`Fila ${row}, columna «${column}»: ${message}`);
  const { ref } = cells;
  const owner = inForce.clauses.find(({ obligations }) => obligations.some((one) => one.ref === ref));
  if (owner && owner !== clause) at('ref', `${ref} es del numeral ${owner.number}, no del ${cells.numeral}`);
  else if (inForce.otherRefs.includes(ref)) at('ref', `${ref} es de otro instrumento`);
  else if (!/^[\p{Lu}\p{N}][\p{Lu}\p{N}.-]{0,39}$/u.test(ref))
    at('ref', 'usa mayúsculas, números y guiones, como AT-C-12');
  const before = clause?.obligations.find((one) => one.ref === ref) ?? null;
  if (repeals(cells)) {
    if (!before) at('ref', `no hay una obligación ${ref} en el numeral ${cells.numeral}`);
    return { ref, change: 'repealed', before, after: null, differences: [] };
  }
  const areas = cells.áreas === '' ? null : readAreas('áreas', cells.áreas, inForce, at);
  const counterpart = cells.entrega_a === '' ? null : readAreas('entrega_a', cells.entrega_a, inForce, at)[0];
  const obligor = OBLIGORS[plain(cells.obligado)];
  if (cells.obligado !== '' && !obligor) at('obligado', 'escribe INE, IEM o ambos');
  const rule = readRule(cells, inForce, at);
  if (rule && cells.plazo === '') at('plazo', 'escribe con palabras el plazo de la regla nueva');
  if (!before) {
    for (const column of ['título', 'regla', 'plazo', 'áreas'] as const) {
      if (column === 'regla' ? !rule && UNCHANGED.has(plain(cells.regla)) : cells[column] === '') {
        at(column, `una obligación nueva (${ref}) la necesita`);
      }
    }
  }
  const institutions = new Set(
    (areas ?? []).map((key) => inForce.areas.find((area) => area.key === key)?.institution),
  );
  const after: Omit<CurrentObligation, 'id'> = {
    ref,
    title: cells.título || (before?.title ?? ''),
    rule: rule ?? before?.rule ?? null,
    sentence: cells.plazo || (before?.sentence ?? ''),
    areas: areas ?? before?.areas ?? [],
    obligor: obligor ?? before?.obligor ?? (institutions.has('INE') ? 'INE' : 'IEM'),
    counterpart: counterpart ?? before?.counterpart ?? '',
    evidence: cells.evidencia || (before?.evidence ?? ''),
    condition: cells.condición || (before?.condition ?? null),
  };
  const differences = before ? differencesOf(before, after) : [];
  return {
    ref,
    change: before ? (differences.length > 0 ? 'modified' : 'same') : 'new',
    before,
    after,
    differences,
  };
}

const NAMES: [keyof Omit<CurrentObligation, 'id' | 'ref'>, string][] = [
  ['title', 'título'],
  ['rule', 'regla'],
  ['sentence', 'plazo'],
  ['areas', 'áreas'],
  ['obligor', 'obligado'],
  ['counterpart', 'a quién se entrega'],
  ['evidence', 'evidencia'],
  ['condition', 'condición'],
];

function differencesOf(before: CurrentObligation, after: Omit<CurrentObligation, 'id'>): string[] {
  return NAMES.filter(([name]) => canonical(before[name]) !== canonical(after[name])).map(([, word]) => word);
}

/** JSON with its names in order, so that two rules that say the same are written the same. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a.localeCompare(b)))
      : inner,
  );
}

type Refuse = (column: Column, message: string) => void;

function readRule(cells: TableRow['cells'], { anchors }: TextInForce, at: Refuse): DeadlineRule | null {
  if (UNCHANGED.has(plain(cells.regla))) return null;
  let value: unknown;
  try {
    value = JSON.parse(cells.regla);
  } catch {
    at('regla', 'escribe la regla como JSON, o «sin cambio»');
    return null;
  }
  const read = parseDeadlineRule(value);
  if (!read.ok) {
    for (const { field, message } of read.errors)
      at('regla', field === '' ? message : `${field}: ${message}`);
    return null;
  }
  const named =
    read.rule.type === 'each' ? [read.rule.trigger] : milestonesOf(read.rule).map(({ key }) => key);
  for (const key of named.filter((one) => !anchors.includes(one))) {
    const near = mostSimilar(key, anchors);
    at('regla', `no existe el hito «${key}»${near ? `; ¿${near}?` : ''}`);
  }
  return read.rule;
}

/** Keys of the areas named in a cell, by key, name, acronym or an older name, separated by semicolons. */
function readAreas(column: Column, cell: string, { areas }: TextInForce, at: Refuse): string[] {
  const names = cell
    .split(';')
    .map((name) => name.trim())
    .filter(Boolean);
  const keys = names.flatMap((name) => {
    const [, bare = name, institution] = /^(.*?)\s*(?:\((INE|IEM)\))?$/.exec(name) ?? [];
    const found = areas.filter(
      (area) =>
        area.key === bare ||
        [area.name, area.acronym, ...area.aliases].some((known) => plain(known) === plain(bare)),
    );
    const chosen = institution ? found.filter((area) => area.institution === institution) : found;
    if (chosen.length === 1) return [chosen[0]!.key];
    if (chosen.length > 1) {
      at(
        column,
        `«${name}» puede ser ${chosen.map((area) => `${area.name} (${area.institution})`).join(' o ')}`,
      );
    } else {
      const near = mostSimilar(
        bare,
        areas.flatMap((area) => [area.name, area.acronym]),
      );
      at(column, `el área «${name}» no existe${near ? `; ¿${near}?` : ''}`);
    }
    return [];
  });
  if (new Set(keys).size < keys.length) at(column, 'un área está repetida');
  return [...new Set(keys)];
}
