import type Stripe from 'stripe';
import type { Collection } from '../state/collection.ts';
import { invalidRequest } from '../wire/errors.ts';
import { fields, required, text, whole } from '../wire/params.ts';

export const searchParams = fields<Stripe.CustomerSearchParams>({
  query: required(text),
  limit: whole,
  page: text,
});

type Row = { id: string; metadata?: Stripe.Metadata | null | undefined };
type Term = (row: Row) => boolean;

const TERM =
  /(-?)(?:metadata\[(?:'([^']+)'|"([^"]+)")\]|([a-z_]+))\s*(:|~|>=|<=|>|<)\s*(?:'([^']*)'|"([^"]*)"|(null|-?\d+))/y;

/**
 * The search language of https://docs.stripe.com/search over single fields and metadata: `:`, `~`, `<`, `>`, `-`, with
 * AND or OR between the terms, not both. Unlike the real service it sees what was written a moment ago.
 */
export function searchPage<T extends Row>(
  collection: Collection<T>,
  path: string,
  { query, limit = 10, page }: { query: string; limit?: number; page?: string },
) {
  const { terms, any } = parseQuery(query);
  const after = page === undefined ? undefined : collection.get(page)?.id;
  const data: T[] = [];
  let next_page: string | null = null;
  for (const row of collection.newestFirst(after)) {
    if (!(any ? terms.some((term) => term(row)) : terms.every((term) => term(row)))) continue;
    if (data.length === limit) {
      next_page = data.at(-1)?.id ?? null;
      break;
    }
    data.push(row);
  }
  return { object: 'search_result', url: path, has_more: next_page !== null, next_page, data } as const;
}

function parseQuery(query: string): { terms: Term[]; any: boolean } {
  const terms: Term[] = [];
  const words = new Set<string>();
  let at = 0;
  for (;;) {
    TERM.lastIndex = at;
    const hit = TERM.exec(query);
    if (!hit) throw invalidRequest(`We were unable to parse your search query: ${query}`, { param: 'query' });
    terms.push(termOf(hit));
    at = TERM.lastIndex;
    const joint = /\s+(AND|OR|and|or)?\s*/y;
    joint.lastIndex = at;
    const gap = joint.exec(query);
    if (!gap || joint.lastIndex >= query.length) break;
    words.add((gap[1] ?? 'AND').toUpperCase());
    at = joint.lastIndex;
  }
  if (words.size > 1) throw invalidRequest('A search query cannot mix AND and OR.', { param: 'query' });
  return { terms, any: words.has('OR') };
}

function termOf([, minus, key1, key2, field, operator, single, double, bare]: RegExpExecArray): Term {
  const key = key1 ?? key2;
  const wanted = single ?? double ?? bare ?? '';
  const read = (row: Row): unknown =>
    key !== undefined ? row.metadata?.[key] : (row as Record<string, unknown>)[field ?? ''];
  const holds = (value: unknown): boolean => {
    if (bare === 'null') return value == null;
    if (operator === '~')
      return String(value ?? '')
        .toLowerCase()
        .includes(wanted.toLowerCase());
    if (operator === '>') return Number(value) > Number(wanted);
    if (operator === '<') return Number(value) < Number(wanted);
    if (operator === '>=') return Number(value) >= Number(wanted);
    if (operator === '<=') return Number(value) <= Number(wanted);
    return value != null && String(value).toLowerCase() === wanted.toLowerCase();
  };
  return (row) => holds(read(row)) !== (minus === '-');
}
