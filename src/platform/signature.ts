/** Texts we hand out and want to know again: links to receipts and calendars, short-lived permissions in cookies. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { config } from './config.ts';

/** What `text` is signed with for one `purpose`; a signature for one purpose is worth nothing for another. */
export const signed = (purpose: string, text: string): string =>
  createHmac('sha256', config.ATRIUM_SECRET).update(`${purpose}\0${text}`).digest('base64url');

/** Takes the same time whatever is wrong with the signature. */
export function isSigned(purpose: string, text: string, signature: string): boolean {
  const expected = Buffer.from(signed(purpose, text));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
