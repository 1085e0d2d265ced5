import { describe, expect, test } from 'vitest';
import {
  addDays,
  addHours,
  addMonths,
  daysBetween,
  endOfDay,
  formatDayMonth,
  formatHour,
  formatLongDate,
  formatMonth,
  formatShortDate,
  instantOf,
  isTimeZone,
  localDate,
  localDateTime,
  parseDateAndTime,
  parseIsoDate,
  parseTime,
  weekday,
} from '../../app/domain/plain-date.ts';

const SHAPE = 'Escribe la fecha como AAAA-MM-DD';
const YEARS = 'Usa un año entre 2000 y 2100';
const HOUR = 'Hora no válida: escribe HH:MM, de 00:00 a 23:59';

describe('a written date', () => {
  test.each([
    ['2024-02-30', 'Esa fecha no existe (febrero de 2024 tiene 29 días)'],
    ['2023-02-29', 'Esa fecha no existe (febrero de 2023 tiene 28 días)'],
    ['2024-04-31', 'Esa fecha no existe (abril de 2024 tiene 30 días)'],
    ['2024-13-01', 'Mes fuera de rango (1 a 12)'],
    ['2024-00-10', 'Mes fuera de rango (1 a 12)'],
    ['2024-01-32', 'Día fuera de rango (1 a 31)'],
    ['2024-01-00', 'Día fuera de rango (1 a 31)'],
    ['0000-01-01', YEARS],
    ['-000001-01-01', YEARS],
    ['1899-12-31', YEARS],
    ['9999-12-31', YEARS],
    ['10000-01-01', YEARS],
    ['+275760-09-13', YEARS],
    ['2101-01-01', YEARS],
    ['+2024-01-05', SHAPE],
    ['02024-01-05', SHAPE],
    ['infinity', SHAPE],
    ['today', SHAPE],
    ['epoch', SHAPE],
    ['now', SHAPE],
    ['2024-W10', SHAPE],
    ['2024-060', SHAPE],
    ['20240105', SHAPE],
    ['05/01/2024', SHAPE],
    ['2024-1-5', SHAPE],
    ['٢٠٢٤-٠١-٠٥', SHAPE],
    ['２０２４-01-05', SHAPE],
    ['2024-01-05T10:00', SHAPE],
    ['2024-01-05\n2024-01-06', SHAPE],
    ['', SHAPE],
  ])('%j is refused: %s', (text, message) => {
    expect(parseIsoDate(text)).toEqual({ ok: false, message });
  });

  test.each([' 2024-01-05 ', '2024-01-05\u00a0', '\t2024-01-05'])('%j is trimmed', (text) => {
    expect(parseIsoDate(text)).toEqual({ ok: true, value: '2024-01-05' });
  });

  test.each(['2000-01-01', '2100-12-31', '2024-02-29'])('%s is accepted', (text) => {
    expect(parseIsoDate(text)).toEqual({ ok: true, value: text });
  });
});

describe('a written hour', () => {
  test.each(['25:00', '24:00', '23:59:60', '8:00', '08:60', '', 'T08:00'])('%j is refused', (text) => {
    expect(parseTime(text)).toEqual({ ok: false, message: HOUR });
  });

  test('goes after the date with a T', () => {
    expect(parseDateAndTime(' 2024-06-02T08:00 ')).toEqual({
      ok: true,
      value: { date: '2024-06-02', time: '08:00' },
    });
    expect(parseDateAndTime('2024-06-02')).toEqual({ ok: true, value: { date: '2024-06-02' } });
  });

  test.each([
    ['2024-01-05T25:00', HOUR],
    ['2024-01-05T23:59:60', HOUR],
    ['2024-01-05T24:00', HOUR],
    ['2024-01-05T', HOUR],
    ['2024-01-05T08:00T08:00', HOUR],
    ['2024-02-30T08:00', 'Esa fecha no existe (febrero de 2024 tiene 29 días)'],
    ['T08:00', SHAPE],
  ])('%j is refused: %s', (text, message) => {
    expect(parseDateAndTime(text)).toEqual({ ok: false, message });
  });
});

describe('arithmetic of days', () => {
  test('crosses leap days, months and years', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2024-01-01', -1)).toBe('2023-12-31');
    expect(daysBetween('2024-06-02', '2024-12-08')).toBe(189);
    expect(daysBetween('2024-03-01', '2024-02-28')).toBe(-2);
  });

  test('of months stays on the day number or on the last one', () => {
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
    expect(addMonths('2024-03-31', -1)).toBe('2024-02-29');
    expect(addMonths('2024-06-02', -1)).toBe('2024-05-02');
  });

  test('of hours is elapsed time', () => {
    expect(addHours({ date: '2024-06-02', time: '08:00' }, 16, 'America/Mexico_City')).toEqual({
      date: '2024-06-03',
      time: '00:00',
    });
    expect(addHours({ date: '2024-03-10', time: '01:30' }, 1, 'America/Tijuana')).toEqual({
      date: '2024-03-10',
      time: '03:30',
    });
  });

  test('knows that 2 June 2024 was a Sunday', () => {
    expect(weekday('2024-06-02')).toBe(7);
    expect(weekday('2024-06-03')).toBe(1);
  });
});

describe('instants and local days', () => {
  test('in Morelia the day ends at six in the morning of UTC', () => {
    expect(localDate('2024-05-15T05:59:59Z')).toBe('2024-05-14');
    expect(localDate('2024-05-15T06:00:00Z')).toBe('2024-05-15');
    expect(localDate('2024-05-15T00:00:00-06:00')).toBe('2024-05-15');
    expect(endOfDay('2024-05-14')).toBe('2024-05-15T06:00:00Z');
    expect(endOfDay('2024-12-31')).toBe('2025-01-01T06:00:00Z');
  });

  test('still know the summer time that ended in 2022', () => {
    expect(localDateTime('2022-07-01T05:30:00Z')).toBe('2022-07-01T00:30');
    expect(localDateTime('2024-07-01T05:30:00Z')).toBe('2024-06-30T23:30');
  });

  test('are there and back', () => {
    expect(instantOf('2024-06-02T08:00')).toBe('2024-06-02T14:00:00Z');
    expect(localDateTime(instantOf('2024-06-02T08:00'))).toBe('2024-06-02T08:00');
  });

  test.each(['America/Mexico_City', 'America/Tijuana', 'UTC'])('%s is a zone', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  test.each(['Mars/Base', 'GMT+25', '+05:00', ''])('%j is no zone', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

test('dates are worded as in Mexico', () => {
  expect(formatLongDate('2024-05-20')).toBe('lunes 20 de mayo de 2024');
  expect(formatLongDate('2024-06-01')).toBe('sábado 1 de junio de 2024');
  expect(formatShortDate('2024-05-20')).toBe('lun 20 may 2024');
  expect(formatDayMonth('2024-05-22')).toBe('mié 22 may');
  expect(formatMonth('2024-05')).toBe('mayo de 2024');
  expect(formatHour('09:00')).toBe('9:00 h');
  expect(formatHour('00:30')).toBe('0:30 h');
  expect(formatHour('20:00')).toBe('20:00 h');
});
