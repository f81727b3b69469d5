import { createHash, randomInt } from 'node:crypto';

/** A one-time code of digits, and what is stored and put in links instead of it: the same hash as lite makes. */
export function newCode(email: string, length: number): { code: string; hash: string } {
  const code = Array.from({ length }, () => randomInt(10)).join('');
  return { code, hash: hashCode(email, code) };
}

export const hashCode = (email: string, code: string): string =>
  createHash('sha256')
    .update(email.toLowerCase() + code)
    .digest('hex');
