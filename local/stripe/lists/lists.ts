import type Stripe from 'stripe';
import type { Collection } from '../state/collection.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { eitherOf, fields, text, whole } from '../wire/params.ts';

/** The parameters every list takes. */
export const paging = { limit: whole, starting_after: text, ending_before: text };

/** `created=123` or `created[gte]=…`. */
export const range = eitherOf(
  whole,
  fields<Stripe.RangeQueryParam>({ gt: whole, gte: whole, lt: whole, lte: whole }),
);

export function inRange(value: number, wanted: Stripe.RangeQueryParam | number | undefined): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return value === wanted;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = wanted;
  return value > gt && value >= gte && value < lt && value <= lte;
}

interface Paging {
  limit?: number;
  starting_after?: string;
  ending_before?: string;
}

/** One page, newest first. Stops looking as soon as the page is full, so its cost does not grow with history. */
export function listPage<T extends { id: string }>(
  collection: Collection<T>,
  path: string,
  { limit = 10, starting_after, ending_before }: Paging,
  wanted: (row: Readonly<T>) => boolean = () => true,
): Stripe.ApiList<T> {
  if (limit < 1 || limit > 100)
    throw invalidRequest('Invalid limit: must be between 1 and 100', { param: 'limit' });
  const cursor = starting_after ?? ending_before;
  if (cursor !== undefined && !collection.get(cursor))
    throw noSuch('object', cursor, starting_after === undefined ? 'ending_before' : 'starting_after');
  const rows =
    ending_before !== undefined
      ? collection.oldestFirst(ending_before)
      : collection.newestFirst(starting_after);
  const data: T[] = [];
  let has_more = false;
  for (const row of rows) {
    if (!wanted(row)) continue;
    if (data.length === limit) {
      has_more = true;
      break;
    }
    data.push(row);
  }
  if (ending_before !== undefined) data.reverse();
  return { object: 'list', data, has_more, url: path };
}

/** A list that is part of an object, or too short to be paged. */
export function wholeList<T>(data: T[], url: string): Stripe.ApiList<T> {
  return { object: 'list', data, has_more: false, url };
}
