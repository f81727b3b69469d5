import { type Applicable } from '../http/preferences.ts';
import { type MediaType } from '../http/media-types.ts';
import { type Setting } from '../schema/settings.ts';
import { type BodyShape } from '../sql/statement.ts';
import { type Statement } from '../sql/text.ts';

/** All that is decided about a request before the database is asked. */
export interface Plan {
  kind: 'read' | 'insert' | 'put' | 'update' | 'delete' | 'call';
  statement: Statement;
  /** Asks Postgres how many rows it expects, for `count=planned` and `count=estimated`. */
  estimate: Statement | null;
  /** A count up to this is exact and needs no estimate (`count=estimated` under max_rows). */
  exactUpTo: number | null;
  media: MediaType;
  readOnly: boolean;
  /** Settings of the function that must be in force before it is called. */
  settings: readonly Setting[];
  /** First row of the page. */
  offset: number;
  /** There is nothing to show: a void function. */
  isVoid: boolean;
  /** Resource and canonical query of a read, for Content-Location. */
  location: string | null;
  resource: string;
  applicable: Applicable;
}

export const NOTHING_APPLICABLE: Applicable = {
  resolution: false,
  return: false,
  missing: false,
  maxAffected: false,
};

/** The body an answer of this type has. `scalar`: rows are single values; `first`: there is but one. */
export function shapeOf(media: MediaType, result: { scalar: boolean; first: boolean }): BodyShape {
  switch (media.kind) {
    case 'plan':
      return shapeOf(media.of, result);
    case 'csv':
      return { kind: 'csv' };
    case 'single':
      return { kind: 'first', stripNulls: media.stripNulls, scalar: result.scalar };
    case 'json':
    case 'stripped':
      return {
        kind: result.first ? 'first' : 'array',
        stripNulls: media.kind === 'stripped',
        scalar: result.scalar,
      };
  }
}

/** `explain (…)` before the statement, when it is the plan that is asked for. */
export function explainIfAsked(media: MediaType, statement: Statement): Statement {
  if (media.kind !== 'plan') return statement;
  const options = [`format ${media.format}`, ...media.options];
  return { ...statement, text: `explain (${options.join(', ')}) ${statement.text}` };
}
