import { describe, expect, test } from 'vitest';
import { agendaGroups, byMonth, shareOut, type AgendaEntry } from '../../app/domain/agenda.ts';

// A Wednesday.
const today = '2024-05-15';
const due = (due_on: string | null, status: AgendaEntry['status'] = 'on_track'): AgendaEntry => ({
  due_on,
  status,
});
const titles = (entries: AgendaEntry[]) =>
  agendaGroups(entries, today).map(({ title, entries: { length } }) => `${title}: ${length}`);

describe('the agenda', () => {
  test('goes from what ran out to what waits, week by week', () => {
    const entries = [
      due('2024-05-03', 'overdue'),
      due('2024-05-10', 'in_review'),
      due('2024-05-15', 'due_soon'),
      due('2024-05-16', 'due_soon'),
      due('2024-05-17', 'due_soon'),
      due('2024-05-19', 'in_review'),
      due('2024-05-20', 'due_soon'),
      due('2024-05-31'),
      due('2024-06-02'),
      due('2024-06-03'),
      due(null, 'waiting'),
    ];
    expect(titles(entries)).toEqual([
      'Vencidas: 1',
      'En revisión, con la fecha ya pasada: 1',
      'Hoy, miércoles 15 de mayo: 1',
      'Mañana, jueves 16 de mayo: 1',
      'Resto de esta semana: 2',
      'Semana del 20 al 26 de mayo: 1',
      'Semana del 27 de mayo al 2 de junio: 2',
      'Semana del 3 al 9 de junio: 1',
      'En espera de un evento: 1',
    ]);
  });

  test('always names today and tomorrow, and nothing else that is empty', () => {
    expect(titles([])).toEqual(['Hoy, miércoles 15 de mayo: 0', 'Mañana, jueves 16 de mayo: 0']);
  });

  test('keeps under overdue what ran out today at its hour', () => {
    expect(titles([due(today, 'overdue')])[0]).toBe('Vencidas: 1');
  });

  test('loses nothing', () => {
    const days = Array.from({ length: 60 }, (_, day) =>
      due(`2024-0${day < 31 ? 5 : 6}-${String((day % 31) + 1).padStart(2, '0')}`),
    );
    const kept = agendaGroups(days, today).flatMap(({ entries }) => entries);
    expect(kept).toHaveLength(60);
  });
});

test('entries by month keep their order and put those without a date together', () => {
  expect(byMonth([due('2024-05-31'), due('2024-06-01'), due('2024-06-02'), due(null)])).toEqual([
    { month: '2024-05', entries: [due('2024-05-31')] },
    { month: '2024-06', entries: [due('2024-06-01'), due('2024-06-02')] },
    { month: '', entries: [due(null)] },
  ]);
});

describe('a page with so many lines', () => {
  test('cuts nothing while everything fits', () => {
    expect(shareOut([4, 0, 3], 7)).toEqual([4, 0, 3]);
  });

  test('gives each day as much as the others, and what is left over to the first', () => {
    expect(shareOut([100, 2, 100, 100], 12)).toEqual([4, 2, 3, 3]);
  });
});
