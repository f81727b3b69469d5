/**
 * Emulator time, in whole seconds as Stripe counts. It runs with the machine's clock and can be moved ahead, which
 * is how tests let a session expire or a payout arrive without waiting.
 */
export class Clock {
  /** Seconds ahead of the machine's clock. */
  offset = 0;

  now(): number {
    return Math.floor(Date.now() / 1000) + this.offset;
  }

  /** The machine's time at which emulator time will be `at`, in milliseconds. */
  wallTimeOf(at: number): number {
    return (at - this.offset) * 1000;
  }
}

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
