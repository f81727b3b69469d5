import { invalidRange } from '../errors.ts';
import { type Parameters, type Range } from '../query/parameters.ts';

/** `Range: 0-9` (rows, both ends included); anything else is ignored, as PostgREST does. */
function parseRangeHeader(header: string | undefined): Range {
  const [, first, last] = /^(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined) return { limit: null, offset: 0 };
  const offset = Number(first);
  if (!last) return { limit: null, offset };
  if (Number(last) < offset) {
    throw invalidRange(
      'The lower boundary must be lower than or equal to the upper boundary in the Range header.',
    );
  }
  return { limit: Number(last) - offset + 1, offset };
}

/** The page of the root: where the Range header and `limit`/`offset` overlap. */
export function findPage(header: string | undefined, parameters: Parameters): Range {
  const asked: Range = { limit: null, offset: 0 };
  for (const { embeds, value } of parameters.ranges) if (embeds.length === 0) Object.assign(asked, value);
  if (asked.limit !== null && asked.limit < 0) {
    throw invalidRange('Limit should be greater than or equal to zero.');
  }
  const range = parseRangeHeader(header);
  if (asked.limit === 0) return { limit: 0, offset: 0 };
  const offset = Math.max(asked.offset, range.offset);
  const end = Math.min(
    asked.limit === null ? Infinity : asked.offset + asked.limit,
    range.limit === null ? Infinity : range.offset + range.limit,
  );
  if (end <= offset) throw invalidRange('Limit should be greater than or equal to zero.');
  return { limit: end === Infinity ? null : end - offset, offset };
}

export interface RangeAnswer {
  status: 200 | 206 | 416;
  contentRange: string;
}

/** `0-9/57`: first and last row, and how many there are, each `*` when there is nothing to say. */
export function writeContentRange(first: number, last: number, total: number | null): string {
  const page = first <= last && total !== 0 ? `${first}-${last}` : '*';
  return `${page}/${total ?? '*'}`;
}

export function answerRange(offset: number, rows: number, total: number | null): RangeAnswer {
  const contentRange = writeContentRange(offset, offset + rows - 1, total);
  if (total === null) return { status: 200, contentRange };
  if (offset > total) return { status: 416, contentRange };
  return { status: rows < total ? 206 : 200, contentRange };
}
