// Codes of an authenticator application: six digits that change every thirty seconds (RFC 6238 over RFC 4226).
import { HOTP, Secret, TOTP } from 'otpauth';

export const STEP_SECONDS = 30;
const DIGITS = 6;
const ALGORITHM = 'SHA1';
/** Steps a clock may be ahead or behind (RFC 6238, 5.2 recommends one). */
const SKEW = 1;

/**
 * The time step whose code was typed: that of the instant `seconds` (since 1970), the one before or the one after,
 * if it is later than `last_step`, the newest already used. Undefined when the code is none of theirs.
 */
export function stepOfCode(
  secret: string,
  code: string,
  seconds: number,
  last_step: number,
): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const key = Secret.fromBase32(secret);
  const present = Math.floor(seconds / STEP_SECONDS);
  for (let step = present - SKEW; step <= present + SKEW; step += 1) {
    const fits =
      HOTP.validate({
        token: code,
        secret: key,
        counter: step,
        window: 0,
        algorithm: ALGORITHM,
        digits: DIGITS,
      }) === 0;
    if (fits && step > last_step) return step;
  }
  return undefined;
}

/** The address that an application reads from a QR code: who it is for, and the secret (base32). */
export function enrolmentAddress(secret: string, email: string): string {
  return new TOTP({
    issuer: 'Seguimiento de Convenios',
    label: email,
    secret: Secret.fromBase32(secret),
    algorithm: ALGORITHM,
    digits: DIGITS,
    period: STEP_SECONDS,
  }).toString();
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes in base32 (RFC 4648) without padding. */
export function base32(bytes: Uint8Array): string {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32;
}

/** A recovery code as it is shown, `ABCDE-FGHIJ`, from ten random bytes: 50 bits of them count. */
export function recoveryCode(random: Uint8Array): string {
  const letters = [...random].map((byte) => ALPHABET[byte & 31]).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5, 10)}`;
}

/** What somebody typed, as a code is compared: six digits, or ten letters and digits of a recovery code. */
export function typedCode(text: string): { kind: 'digits' | 'recovery'; code: string } | undefined {
  const code = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  if (/^\d{6}$/.test(code)) return { kind: 'digits', code };
  return /^[A-Z2-7]{10}$/.test(code) ? { kind: 'recovery', code } : undefined;
}
