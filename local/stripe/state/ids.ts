import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` random characters of the 62 that Stripe's ids are made of. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    // 248 is the largest multiple of 62 below 256: bytes above it would favour the first characters.
    for (const byte of randomBytes(length + 8))
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
  }
  return text;
}

export const newId = (prefix: string, length = 24): string => `${prefix}_${randomText(length)}`;
