import { describe, expect, test } from 'vitest';
import {
  base32,
  enrolmentAddress,
  recoveryCode,
  STEP_SECONDS,
  stepOfCode,
  typedCode,
} from '../../app/domain/one-time-code.ts';

/** The secret of RFC 6238, appendix B, for SHA-1. */
const SECRET = base32(new TextEncoder().encode('12345678901234567890'));

describe('a code of an authenticator application', () => {
  // Appendix B prints eight digits; six are their last ones (RFC 4226, 5.3: the number modulo ten to the digits).
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at second %i is the one of RFC 6238', (seconds, digits) => {
    expect(stepOfCode(SECRET, digits.slice(-6), seconds, 0)).toBe(Math.floor(seconds / STEP_SECONDS));
  });

  test('is good one step before and after its own, and no further', () => {
    const code = '94287082'.slice(-6);
    const own = 1;
    const good = [-2, -1, 0, 1, 2].map(
      (away) => stepOfCode(SECRET, code, (own + away) * STEP_SECONDS + 29, 0) === own,
    );
    expect(good).toEqual([false, true, true, true, false]);
  });

  test('is no longer good once it or a later one was used', () => {
    const step = 41_152_263;
    expect(stepOfCode(SECRET, '005924', 1_234_567_890, step - 1)).toBe(step);
    expect(stepOfCode(SECRET, '005924', 1_234_567_890, step)).toBeUndefined();
    expect(stepOfCode(SECRET, '005924', 1_234_567_890, step + 1)).toBeUndefined();
  });

  test.each(['005925', '00592', '0059244', '', 'abcdef'])('that is %j is wrong', (code) => {
    expect(stepOfCode(SECRET, code, 1_234_567_890, 0)).toBeUndefined();
  });
});

test('the application is told who it is for, in the words every application reads', () => {
  const address = new URL(enrolmentAddress(SECRET, 'titular@iem.example'));
  expect(`${address.protocol}//${address.host}`).toBe('otpauth://totp');
  expect(decodeURIComponent(address.pathname)).toBe('/Seguimiento de Convenios:titular@iem.example');
  expect(Object.fromEntries(address.searchParams)).toEqual({
    issuer: 'Seguimiento de Convenios',
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});

test('a typed code is read with spaces, hyphens, small letters and wide digits', () => {
  expect(typedCode(' 123 456 ')).toEqual({ kind: 'digits', code: '123456' });
  expect(typedCode('１２３４５６')).toEqual({ kind: 'digits', code: '123456' });
  expect(typedCode('abcde-fghij')).toEqual({ kind: 'recovery', code: 'ABCDEFGHIJ' });
  for (const text of ['12345', '1234567', 'ABCDE-FGHI1', '', 'x'.repeat(9000)]) {
    expect(typedCode(text)).toBeUndefined();
  }
  const random = Uint8Array.from({ length: 10 }, (_, index) => index * 26);
  expect(typedCode(recoveryCode(random))?.kind).toBe('recovery');
});
