import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Asking the system for randomness costs more than using it, so it is fetched in bulk. */
const pool = Buffer.alloc(8192);
let used = pool.length;

function randomByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++] as number;
}

/** `length` random characters of the 62 that Stripe's ids are made of. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    const byte = randomByte();
    // 248 is the largest multiple of 62 below 256: bytes above it would favour the first characters.
    if (byte < 248) text += ALPHABET[byte % 62];
  }
  return text;
}

export const newId = (prefix: string, length = 24): string => `${prefix}_${randomText(length)}`;
