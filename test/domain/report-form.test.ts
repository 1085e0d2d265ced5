import { describe, expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { parseReport, type TypedReport } from '../../app/domain/report-form.ts';

// 15 May 2024, 21:30 in Morelia: in UTC it is already the 16th.
const moment = momentOf('2024-05-16T03:30:00.000000Z', true);
const typed: TypedReport = {
  fulfilment: 'full',
  act_on: '2024-05-15',
  act_time: '',
  medium: 'letter',
  document_number: ' IEM-SE-123/2024 ',
  note: '',
};
const errorsOf = (changes: Partial<TypedReport>, timed = false) => {
  const read = parseReport({ ...typed, ...changes }, moment, timed);
  return read.ok ? {} : read.errors;
};

describe('a report of compliance', () => {
  test('is read with its text trimmed and no hour', () => {
    expect(parseReport(typed, moment, false)).toEqual({
      ok: true,
      value: { ...typed, act_time: null, document_number: 'IEM-SE-123/2024' },
    });
  });

  test('cannot be about an act of tomorrow, although in UTC that day has begun', () => {
    expect(errorsOf({ act_on: '2024-05-16' })).toEqual({
      act_on: 'La fecha del acto no puede ser posterior a hoy',
    });
  });

  test('of a term counted in hours asks for the hour, which cannot be later than now', () => {
    expect(errorsOf({ act_time: '21:31' })).toEqual({});
    expect(errorsOf({ act_time: '' }, true)).toHaveProperty('act_time');
    expect(errorsOf({ act_time: '25:00' }, true)).toHaveProperty('act_time');
    expect(errorsOf({ act_time: '21:31' }, true)).toEqual({
      act_time: 'La hora del acto no puede ser posterior a este momento',
    });
    expect(errorsOf({ act_time: '21:30' }, true)).toEqual({});
    expect(errorsOf({ act_time: '23:59', act_on: '2024-05-14' }, true)).toEqual({});
  });

  test.each([
    [{ act_on: '' }, 'act_on'],
    [{ act_on: '2024-02-30' }, 'act_on'],
    [{ act_on: 'ayer' }, 'act_on'],
    [{ medium: '' }, 'medium'],
    [{ medium: 'toString' }, 'medium'],
    [{ document_number: ' \u200b ' }, 'document_number'],
    [{ document_number: 'x'.repeat(121) }, 'document_number'],
    [{ note: 'x'.repeat(4001) }, 'note'],
    [{ note: 'a\0b' }, 'note'],
    [{ fulfilment: '' }, 'fulfilment'],
    [{ fulfilment: 'constructor' }, 'fulfilment'],
    [{ fulfilment: 'partial' }, 'note'],
    [{ fulfilment: 'not_applicable', note: ' \n ' }, 'note'],
  ])('with %j names the field that is wrong and no other', (changes, field) => {
    expect(Object.keys(errorsOf(changes))).toEqual([field]);
  });

  test('names every wrong field at once', () => {
    expect(Object.keys(errorsOf({ act_on: '', medium: 'x', document_number: '' }))).toEqual([
      'act_on',
      'medium',
      'document_number',
    ]);
  });
});
