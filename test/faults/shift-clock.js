// Loaded before a program (`node --import`): its clock is off by CLOCK_SHIFT_MS milliseconds.
import process from 'node:process';

const shift = Number(process.env['CLOCK_SHIFT_MS'] ?? 0);
const RealDate = Date;

class ShiftedDate extends RealDate {
  /** @param {any[]} parts */
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + shift);
    // @ts-expect-error Date takes one to seven parts.
    else super(...parts);
  }

  /** @override */
  static now() {
    return RealDate.now() + shift;
  }
}

globalThis.Date = /** @type {DateConstructor} */ (ShiftedDate);
