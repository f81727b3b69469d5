/** A list a page at a time: how many rows, and where it goes on, which is opaque to whoever holds it. */
import { z } from 'zod';

/** `?limit=`: text in an address, a number in JSON. */
const limit = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .or(z.number().int())
  .pipe(z.number().min(1).max(200))
  .default(50);

/** What every list may be asked for. */
export const page = { limit, cursor: z.string().max(200).optional() };

/** Where a list goes on: an instant as the database writes it, and what tells apart rows of that instant. */
export const cursorOf = (...parts: string[]): string => Buffer.from(parts.join(' ')).toString('base64url');

/** What `cursorOf` was given, which begins with an instant as the database writes it; null for anything else. */
export function readCursor(cursor: string | undefined): string | null {
  if (!cursor) return null;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [at = ''] = text.split(' ');
  return /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?\+00:00$/.test(at) && !Number.isNaN(Date.parse(at))
    ? text
    : null;
}

/** What `cursorOf` was given an instant and an id for; null for anything else. */
export function readInstantAndId(cursor: string | null | undefined): [string, string] | null {
  const text = Buffer.from(cursor ?? '', 'base64url').toString();
  const [, at, id] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?\+00:00) ([0-9a-f-]{1,36})$/.exec(text) ?? [];
  return at && id && !Number.isNaN(Date.parse(at)) ? [at, id] : null;
}

/** `?before=` of a log whose rows are numbered; null for its beginning. */
export function numberBefore(query: URLSearchParams): number | null {
  const asked = query.get('before') ?? '';
  return /^\d{1,15}$/.test(asked) ? Number(asked) : null;
}
