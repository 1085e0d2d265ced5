// How a deadline is put into words.
import { describe, expect, test } from 'vitest';
import { caveats, dutySentence, factRows, itemState, shortDue } from '../../emails/deadline-item.ts';
import { sampleItem } from '../../emails/samples.ts';

describe('the state of a deadline', () => {
  test.each([
    [-400, '■ Vencida hace 400 días'],
    [-1, '■ Vencida hace 1 día'],
    [0, '▲ Vence hoy'],
    [1, '▲ Vence mañana'],
    [5, '▲ Vence en 5 días'],
    [6, '● Vence en 6 días'],
  ])('%i days from its date', (days, words) => {
    const state = itemState(sampleItem(days));
    expect(`${state.symbol} ${state.words}`).toBe(words);
  });

  test('is pending or to be received when the INE owes it', () => {
    expect(itemState(sampleItem(-1, { owed_by_ine: true })).words).toBe(
      'Pendiente de recibir del INE desde hace 1 día',
    );
    expect(itemState(sampleItem(1, { owed_by_ine: true })).words).toBe('Por recibir del INE mañana');
  });

  test('is only a provisional date when the date may move, whoever owes it', () => {
    for (const owed_by_ine of [true, false]) {
      const words = [-2, 0, 3].map(
        (days) => itemState(sampleItem(days, { owed_by_ine, provisional: ['x'] })).words,
      );
      expect(words).toEqual([
        'Fecha provisional que pasó hace 2 días',
        'Fecha provisional, hoy',
        'Fecha provisional, en 3 días',
      ]);
    }
  });
});

describe('the sentence of a duty', () => {
  test.each([
    ['Dirección Ejecutiva de Administración', 'La Dirección Ejecutiva de Administración debe entregar'],
    ['Órgano Interno de Control', 'El Órgano Interno de Control debe entregar'],
    ['Área de Comunicación Social', 'El Área de Comunicación Social debe entregar'],
    ['Órganos desconcentrados', 'Los Órganos desconcentrados deben entregar'],
    ['Juntas distritales ejecutivas', 'Las Juntas distritales ejecutivas deben entregar'],
    ['IEM', 'El IEM debe entregar'],
    ['Enlace SIVOPLE', 'Enlace SIVOPLE debe entregar'],
  ])('gives %s its article and its number', (obligor_area, beginning) => {
    expect(dutySentence(sampleItem(5, { obligor_area }))).toBe(
      `${beginning} la lista nominal definitiva con fotografía, a más tardar el lunes 20 de mayo de 2024.`,
    );
  });

  test('is in the past once the date has gone by', () => {
    expect(dutySentence(sampleItem(-1))).toContain('debía entregar la lista');
    expect(dutySentence(sampleItem(-1, { obligor_area: 'Órganos desconcentrados' }))).toContain(
      'debían entregar',
    );
  });

  test('takes a title that is not a verb, and says the hour when there is one', () => {
    const item = sampleItem(0, { title: 'Informe mensual', due_time: '09:00' });
    expect(dutySentence(item)).toBe(
      'La Dirección Ejecutiva de Organización Electoral debe cumplir: Informe mensual, a más tardar el miércoles 15 de mayo de 2024, 9:00 h.',
    );
  });

  test('names the INE once', () => {
    const local = sampleItem(2, { owed_by_ine: true, obligor_area: 'Junta Local Ejecutiva' });
    expect(dutySentence(local)).toMatch(/^La Junta Local Ejecutiva, del INE, debe entregar/);
    expect(dutySentence({ ...local, obligor_area: 'INE, Junta Local Ejecutiva' })).toMatch(
      /^El INE, Junta Local Ejecutiva debe/,
    );
  });
});

test('the table of a deadline has from four to six rows and no empty value', () => {
  for (const item of [sampleItem(3), sampleItem(-3, { people: [], legal_basis: '', why: '' })]) {
    const rows = factRows(item);
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows.length).toBeLessThanOrEqual(6);
    for (const [label, value] of rows) expect(`${label}${value}`).toMatch(/^\S.*\S$/);
  }
});

test('the reasons of a provisional date and an uncompared clause are both told', () => {
  expect(
    caveats(sampleItem(3, { provisional: ['falta el acuerdo', 'año sin inhábiles'], to_verify: true })),
  ).toEqual([
    'La fecha puede cambiar: falta el acuerdo; año sin inhábiles.',
    'Cláusula por cotejar con el texto firmado.',
  ]);
  expect(caveats(sampleItem(3))).toEqual([]);
});

test('a short date carries its year when it is not this one', () => {
  expect(shortDue(sampleItem(3), '2024-05-15')).toBe('sáb 18 may');
  expect(shortDue(sampleItem(-400), '2024-05-15')).toBe('mar 11 abr 2023');
});
