import { describe, expect, test } from 'vitest';
import {
  editWords,
  parseCalendarEdit,
  readCalendarForm,
  type CalendarTyped,
} from '../../app/domain/calendar-form.ts';

const ACT = 'Acuerdo IEM-CG-01/2024';
const nothing: CalendarTyped = { que: '', dia: '', desde: '', hasta: '', nombre: '', lista: '', acto: ACT };
const read = (typed: Partial<CalendarTyped>) => readCalendarForm({ ...nothing, ...typed }, 'IEM', 2024);
const days = (typed: Partial<CalendarTyped>) => {
  const answer = read(typed);
  return answer.ok ? answer.value.edit.put.map(({ day, name }) => `${day} ${name}`) : answer.errors;
};

describe('a change of the calendar', () => {
  test('puts one day, or the working days of a block, with the agreement as their source', () => {
    expect(read({ que: 'poner', desde: '2024-03-28', nombre: 'Jueves santo' })).toEqual({
      ok: true,
      value: {
        act: ACT,
        edit: {
          institution: 'IEM',
          put: [{ day: '2024-03-28', name: 'Jueves santo', source: ACT }],
          remove: [],
          confirm: null,
        },
      },
    });
    expect(days({ que: 'poner', desde: '2024-07-19', hasta: '2024-07-23', nombre: 'Vacaciones' })).toEqual([
      '2024-07-19 Vacaciones',
      '2024-07-22 Vacaciones',
      '2024-07-23 Vacaciones',
    ]);
  });

  test('moves a day by taking it out where it was', () => {
    const answer = read({ que: 'poner', dia: '2024-03-28', desde: '2024-03-29', nombre: 'Viernes santo' });
    expect(answer.ok && answer.value.edit.remove).toEqual(['2024-03-28']);
    const renamed = read({ que: 'poner', dia: '2024-03-28', desde: '2024-03-28', nombre: 'Jueves santo' });
    expect(renamed.ok && renamed.value.edit.remove).toEqual([]);
  });

  test('takes a day out, and confirms a year', () => {
    const out = read({ que: 'quitar', dia: '2024-03-28' });
    expect(out.ok && editWords(out.value.edit)).toBe('Días inhábiles del IEM: sin jue 28 mar 2024');
    const year = read({ que: 'confirmar' });
    expect(year.ok && editWords(year.value.edit)).toBe('Días inhábiles del IEM: calendario 2024 confirmado');
  });

  test('reads a pasted list as people write it', () => {
    expect(
      days({
        que: 'importar',
        lista:
          '2024-05-10; Día de las madres\r\n\n2024-03-28 Jueves santo\n2024-07-18 al 2024-07-22, Vacaciones\n2024-05-10: Diez de mayo',
      }),
    ).toEqual([
      '2024-03-28 Jueves santo',
      '2024-05-10 Diez de mayo',
      '2024-07-18 Vacaciones',
      '2024-07-19 Vacaciones',
      '2024-07-22 Vacaciones',
    ]);
  });

  test.each([
    [{ que: 'poner' }, { desde: 'Indica el día', nombre: 'Escribe el nombre del día' }],
    [{ que: 'poner', desde: '2024-03-28', hasta: '2024-03-27', nombre: 'x' }, { hasta: 'anterior' }],
    [{ que: 'poner', desde: '2024-01-01', hasta: '2024-12-31', nombre: 'x' }, { hasta: 'A lo más 62' }],
    [{ que: 'poner', desde: '2024-05-18', nombre: 'x' }, { hasta: 'Sábados y domingos' }],
    [{ que: 'poner', desde: '2024-02-30', nombre: 'x' }, { desde: 'no existe' }],
    [{ que: 'quitar', dia: 'ayer' }, { dia: 'AAAA-MM-DD' }],
    [{ que: 'importar' }, { lista: 'Pega la lista' }],
    [{ que: 'importar', lista: '2024-03-28 Jueves\n28/03/2024 Otro' }, { lista: 'Renglón 2: escribe' }],
    [{ que: 'importar', lista: '2024-02-30 Nada' }, { lista: 'Renglón 1: Esa fecha no existe' }],
    [{ que: 'importar', lista: '2024-05-18 Sábado' }, { lista: 'Renglón 1: Sábados' }],
    [{ que: 'importar', lista: Array(201).fill('2024-03-28 x').join('\n') }, { lista: 'A lo más 200' }],
    [{ que: 'confirmar', acto: ' ' }, { acto: 'Escribe el acuerdo' }],
    [{ que: 'borrar todo' }, { que: 'Elige qué hacer' }],
  ])('refuses %j', (typed, expected: Record<string, string>) => {
    const answer = read(typed);
    const errors: Record<string, string> = answer.ok ? {} : answer.errors;
    expect(Object.keys(errors)).toEqual(Object.keys(expected));
    for (const [field, words] of Object.entries(expected)) expect(errors[field]).toContain(words);
  });
});

test('an edit that comes back from its preview is taken only as it was written', () => {
  const answer = read({ que: 'poner', desde: '2024-03-28', nombre: 'Jueves santo' });
  const edit = answer.ok ? answer.value.edit : undefined;
  expect(parseCalendarEdit(JSON.stringify(edit))).toEqual(edit);
  for (const forged of [
    '',
    'null',
    '[]',
    '{}',
    JSON.stringify({ ...edit, institution: 'TEEM' }),
    JSON.stringify({ ...edit, remove: ['2024-02-30'] }),
    JSON.stringify({ ...edit, confirm: 1999 }),
    JSON.stringify({ ...edit, more: 1 }),
  ]) {
    expect(parseCalendarEdit(forged)).toBeUndefined();
  }
});
