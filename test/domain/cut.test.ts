import { describe, expect, test } from 'vitest';
import { cutText, parseCut } from '../../app/domain/cut.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { endOfDay } from '../../app/domain/plain-date.ts';

// 15 May 2024, 21:30 in Morelia: in UTC it is already the 16th.
const present = momentOf('2024-05-16T03:30:00.000000Z', true);

describe('a cut', () => {
  test.each([null, '', '  ', '2024-05-15'])('of %j is the present', (text) => {
    expect(parseCut(text, present)).toEqual({ ok: true, value: present });
  });

  test('of an earlier day is its last instant, before anything due on it has run out', () => {
    const cut = parseCut('2024-05-10', present);
    expect(cut).toMatchObject({ ok: true, value: { today: '2024-05-10', live: false } });
    expect(cut.ok && cut.value.at < endOfDay('2024-05-10')).toBe(true);
    expect(cut.ok && cut.value.at > '2024-05-11T05:59:59').toBe(true);
  });

  test('of tomorrow is refused, although in UTC that day has begun', () => {
    expect(parseCut('2024-05-16', present)).toEqual({
      ok: false,
      message: 'El corte no puede ser posterior a hoy',
    });
  });

  test('of an instant is that instant in Mexico City, and is written back as it was read', () => {
    const cut = parseCut('2024-05-15T09:04:23.123456', present);
    expect(cut).toEqual({
      ok: true,
      value: { at: '2024-05-15T15:04:23.123456Z', today: '2024-05-15', live: false },
    });
    expect(cutText('2024-05-15T15:04:23.123456Z')).toBe('2024-05-15T09:04:23.123456');
    expect(cutText('2024-05-11T05:59:59.999999Z')).toBe('2024-05-10');
    expect(parseCut('2024-05-15T21:30', present)).toMatchObject({ ok: true });
    expect(parseCut('2024-05-15T21:31', present)).toMatchObject({ ok: false });
    expect(parseCut('2024-05-15T24:00', present)).toMatchObject({ ok: false });
  });

  test.each(['ayer', '2024-02-30', '15/05/2024'])('of %j says what is wrong with the date', (text) => {
    expect(parseCut(text, present).ok).toBe(false);
  });
});
