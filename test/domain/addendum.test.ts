import { describe, expect, test } from 'vitest';
import { planAddendum, type TextInForce } from '../../app/domain/addendum.ts';
import { readTable } from '../../app/domain/addendum-table.ts';
import { decodeText, parseDelimited } from '../../app/domain/delimited.ts';
import { diffWords } from '../../app/domain/word-diff.ts';

const area = (key: string, name: string, acronym: string, institution = 'IEM') => ({
  key,
  name,
  acronym,
  institution,
  aliases: [],
});
const IN_FORCE: TextInForce = {
  clauses: [
    {
      number: '8.3',
      heading: 'Bodegas',
      text: 'El IEM entregará la relación de bodegas 15 días antes de la Jornada.',
      obligations: [
        {
          id: 1,
          ref: 'AT-1',
          title: 'Relación de bodegas',
          rule: {
            type: 'offset',
            milestone: 'jornada',
            amount: 15,
            unit: 'days',
            direction: 'before',
            clear_days: false,
            counting: 'natural',
            roll: 'none',
            month_overflow: 'clamp',
          },
          sentence: '15 días antes de la Jornada',
          areas: ['iem_deoe'],
          obligor: 'IEM',
          counterpart: 'ine_jle',
          evidence: 'Oficio',
          condition: null,
        },
      ],
    },
    { number: '9.1', heading: 'Informes', text: null, obligations: [] },
  ],
  areas: [
    area('iem_deoe', 'Dirección Ejecutiva de Organización Electoral', 'DEOE'),
    area('ine_deoe', 'Dirección Ejecutiva de Organización Electoral', 'DEOE', 'INE'),
    area('iem_juridico', 'Coordinación de lo Contencioso Jurídico', 'Jurídico'),
    area('ine_jle', 'Junta Local Ejecutiva', 'JLE', 'INE'),
  ],
  anchors: ['jornada', 'inicio_campana'],
  otherRefs: ['CG-1'],
};

const HEADER = 'numeral;efecto;encabezado;texto;ref;título;regla;plazo;áreas';
const RULE = (amount: number) =>
  `"{""type"":""offset"",""milestone"":""jornada"",""amount"":${amount},""unit"":""days"",""direction"":""before""}"`;

function plan(table: string) {
  const read = readTable(table);
  return read.ok ? planAddendum(read.rows, IN_FORCE) : read;
}
const errorsOf = (table: string) => {
  const read = plan(table);
  return read.ok ? [] : read.errors;
};

describe('the table', () => {
  test.each([
    ['', 'Pega la tabla o elige un archivo'],
    ['encabezado;texto\nA;B', 'Falta la columna «numeral»'],
    ['numeral;Fecha límite\n1;2', 'No reconozco la columna «Fecha límite»'],
    ['numeral;Areas;áreas\n1;a;b', 'Columna repetida: «áreas»'],
    ['numeral', 'La tabla no tiene filas debajo del encabezado'],
    ['numeral,ref\n8.3,AT-1,sobra', 'Fila 2: tiene 3 celdas y el encabezado 2'],
    [`numeral;texto\n8.3;${'a'.repeat(20_001)}`, '(fila 2, columna «texto»)'],
    [`numeral\n${'8.3\n'.repeat(5_001)}`, 'Máximo 5,000 filas'],
    ['{"numeral":"8.3"}', 'El JSON debe ser una lista'],
    ['[{"numeral":"8.3","fecha":"x"}]', 'Fila 1: No reconozco la columna «fecha»'],
    ['[1,', 'No es JSON'],
  ])('%j is refused: %s', (table, message) => {
    expect(errorsOf(table).join('\n')).toContain(message);
  });

  test('the same cells are read from CSV, from pasted cells, from JSON, with any line end and encoding', () => {
    const semicolons = `${HEADER}\r\n8.3;;;"Otro; texto";AT-1;;;;`;
    const tabs = semicolons
      .replace('"Otro; texto"', '\u0000')
      .replaceAll(';', '\t')
      .replace('\u0000', 'Otro; texto');
    const json = JSON.stringify([{ numeral: '8.3', texto: 'Otro; texto', ref: 'AT-1' }]);
    const plans = [semicolons, `\uFEFF${semicolons.replace('\r\n', '\r')}`, tabs, json].map((table) =>
      plan(table),
    );
    for (const one of plans) expect(one).toEqual(plans[0]);
    expect(plans[0]).toMatchObject({ ok: true, clauses: [{ number: '8.3', change: 'modified' }] });
    expect(decodeText(Uint8Array.from([0xc1, 0x72, 0x65, 0x61]))).toEqual({
      text: 'Área',
      encoding: 'windows-1252',
    });
    expect(decodeText(Uint8Array.from([0xff, 0xfe, 0x41, 0x00])).text).toContain('A');
  });

  test('a formula is text', () => {
    expect(parseDelimited('=HYPERLINK("x"),@SUM\n', ',')[0]!.cells).toEqual(['=HYPERLINK("x")', '@SUM']);
    const read = plan('numeral,texto\n9.1,"=cmd|x"');
    expect(read.ok && read.clauses[0]!.text.after).toBe('=cmd|x');
  });
});

describe('compared with the text in force', () => {
  test('what says the same is the same, however the rule is written', () => {
    const again = plan(`${HEADER}\n8.3;;Bodegas;;AT-1;;${RULE(15)};15 días antes de la Jornada;DEOE (IEM)`);
    expect(again).toMatchObject({
      ok: true,
      clauses: [{ change: 'same', obligations: [{ change: 'same' }] }],
    });
  });

  test('a new rule modifies its obligation and its clause', () => {
    const read = plan(`${HEADER}\n8.3;;;;AT-1;;${RULE(20)};20 días antes de la Jornada;`);
    expect(read).toMatchObject({
      ok: true,
      clauses: [
        { change: 'modified', obligations: [{ change: 'modified', differences: ['regla', 'plazo'] }] },
      ],
    });
  });

  test('an obligation or a whole clause is repealed; what is not named stays', () => {
    expect(plan(`${HEADER}\n8.3;derogada;;;AT-1;;;;`)).toMatchObject({
      clauses: [{ change: 'modified', obligations: [{ ref: 'AT-1', change: 'repealed' }] }],
    });
    expect(plan(`${HEADER}\n8.3;Derogado;;;;;;;`)).toMatchObject({
      clauses: [
        { change: 'repealed', text: { after: null }, obligations: [{ ref: 'AT-1', change: 'repealed' }] },
      ],
    });
  });

  test('a new clause brings its obligations', () => {
    const read = plan(
      `${HEADER}\n8.4;;Actas;Entregará el acta.;AT-9;Entregar el acta;${RULE(3)};3 días antes;JLE`,
    );
    expect(read).toMatchObject({
      ok: true,
      clauses: [
        {
          number: '8.4',
          change: 'new',
          obligations: [{ change: 'new', after: { obligor: 'INE', areas: ['ine_jle'] } }],
        },
      ],
    });
  });

  test.each([
    [';;;;AT-1;;;;', 'Fila 2, columna «numeral»: escribe el numeral'],
    ['8.3;quizá;;;;;;;', 'Fila 2, columna «efecto»: escribe derogada o déjala vacía'],
    ['8.33;derogada;;;;;;;', 'no hay un numeral 8.33 en el texto vigente; ¿8.3?'],
    ['9.9;;;;;;;;', 'un numeral nuevo necesita encabezado'],
    ['8.3;;;;AT-1;;{mal;x;', 'Fila 2, columna «regla»: escribe la regla como JSON, o «sin cambio»'],
    [`8.3;;;;AT-1;;${RULE(20)};;`, 'Fila 2, columna «plazo»: escribe con palabras el plazo'],
    [`8.3;;;;AT-1;;${RULE(900)};x;`, 'Fila 2, columna «regla»: amount: 0 a 365 días'],
    [`8.3;;;;AT-1;;${RULE(1).replace('jornada', 'jornda')};x;`, 'no existe el hito «jornda»; ¿jornada?'],
    ['8.3;;;;AT-1;;;;Juridico', ''],
    ['8.3;;;;AT-1;;;;Juridca', 'el área «Juridca» no existe; ¿Jurídico?'],
    ['8.3;;;;AT-1;;;;DEOE', '«DEOE» puede ser'],
    ['9.1;;;;AT-1;;;;', 'AT-1 es del numeral 8.3, no del 9.1'],
    ['9.1;;;;CG-1;;;;', 'CG-1 es de otro instrumento'],
    ['9.1;;;;AT-7;;;;', 'columna «título»: una obligación nueva (AT-7) la necesita'],
    ['9.1;;;;;Algo;;;', 'columna «título»: falta decir de qué obligación es'],
  ])('%j: %s', (row, message) => {
    const errors = errorsOf(`${HEADER}\n${row}`);
    if (message === '') expect(errors).toEqual([]);
    else expect(errors.join('\n')).toContain(message);
  });

  test('rows that contradict each other are named', () => {
    const table = `${HEADER}\n8.3;;A;;AT-1;;;;\n8.3;;B;;AT-1;;;;`;
    expect(errorsOf(table).join('\n')).toContain('Fila 3, columna «ref»: AT-1 ya está en la fila 2');
    expect(errorsOf(table).join('\n')).toContain('Fila 3, columna «encabezado»: no coincide con la fila 2');
  });
});

test('the difference between two texts is told word by word, and each side can be read from it', () => {
  const before = 'El IEM entregará la relación 15 días antes de la Jornada.';
  const after = 'El IEM entregará la relación completa 20 días antes de la Jornada.';
  const parts = diffWords(before, after);
  expect(parts.filter(({ kind }) => kind !== 'same')).toEqual([
    { kind: 'removed', text: '15 ' },
    { kind: 'added', text: 'completa 20 ' },
  ]);
  expect(
    parts
      .filter(({ kind }) => kind !== 'added')
      .map(({ text }) => text)
      .join(''),
  ).toBe(before);
  expect(
    parts
      .filter(({ kind }) => kind !== 'removed')
      .map(({ text }) => text)
      .join(''),
  ).toBe(after);
  expect(diffWords('', 'nuevo')).toEqual([{ kind: 'added', text: 'nuevo' }]);
});
