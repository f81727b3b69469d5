import { RestError } from '../errors.ts';
import { type Filter, parseOperation, tryParseOperation } from './filters.ts';
import { type Logic, parseLogic } from './logic.ts';
import { readName, readPathToField } from './names.ts';
import { type OrderTerm, parseOrder } from './order.ts';
import { Scanner } from './scanner.ts';
import { EVERYTHING, type SelectItem, parseSelect } from './select.ts';

/** Something said about the rows of one embed (`[]`: about the rows asked for themselves). */
export interface About<T> {
  embeds: string[];
  value: T;
}

/** Rows from `offset` on, at most `limit`. */
export interface Range {
  limit: number | null;
  offset: number;
}

export interface Parameters {
  select: SelectItem[];
  filters: About<Filter>[];
  logic: About<Logic>[];
  order: About<OrderTerm[]>[];
  ranges: About<Partial<Range>>[];
  /** `columns=`: the payload's columns, whatever keys the rows have. */
  columns: string[] | null;
  onConflict: string[] | null;
  /** GET on a function: what is no filter is an argument; repeated for a variadic one. */
  args: [name: string, value: string][];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new RestError(400, 'PGRST100', 'failed to parse query string', {
      details: `invalid percent-encoding in ${text}`,
    });
  }
}

/** `a=1&b=2`, also a form's body. A name without `=` says nothing and is left out. */
export function readPairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    if (equals > 0) pairs.push([decode(part.slice(0, equals)), decode(part.slice(equals + 1))]);
  }
  return pairs;
}

function parseNames(text: string, parameter: string): string[] {
  const scanner = new Scanner(text, `failed to parse ${parameter} parameter`);
  const names: string[] = [];
  do {
    scanner.skipSpaces();
    names.push(readName(scanner));
    scanner.skipSpaces();
  } while (scanner.take(','));
  scanner.demandEnd('"," or end of input');
  return [...new Set(names)];
}

function parsePath(key: string): ReturnType<typeof readPathToField> {
  const scanner = new Scanner(key, 'failed to parse tree path');
  const path = readPathToField(scanner);
  scanner.demandEnd('"->", "->>", delimiter (.) or end of input');
  return path;
}

/** PostgREST ignores a limit or offset that is no number. */
function parseCount(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function readRange(key: string, word: 'limit' | 'offset', text: string): About<Partial<Range>> {
  const count = parseCount(text);
  return { embeds: parsePath(key).embeds, value: count === undefined ? {} : { [word]: count } };
}

/** `forCall`: the address calls a function with GET, so `name=value` may be an argument. */
export function parseParameters(queryString: string, forCall: boolean): Parameters {
  const said: Parameters = {
    select: EVERYTHING,
    filters: [],
    logic: [],
    order: [],
    ranges: [],
    columns: null,
    onConflict: null,
    args: [],
  };
  if (queryString === '') return said;
  for (const [key, text] of readPairs(queryString)) {
    const lastWord = key.slice(key.lastIndexOf('.') + 1);
    if (key === 'select') said.select = parseSelect(text);
    else if (key === 'columns') said.columns = parseNames(text, 'columns');
    else if (key === 'on_conflict') said.onConflict = parseNames(text, 'on_conflict');
    else if (lastWord === 'order') {
      said.order.push({ embeds: parsePath(key).embeds, value: parseOrder(text) });
    } else if (lastWord === 'limit' || lastWord === 'offset') {
      said.ranges.push(readRange(key, lastWord, text));
    } else if (lastWord === 'and' || lastWord === 'or') {
      const { embeds, logic } = parseLogic(key, text);
      said.logic.push({ embeds, value: logic });
    } else {
      readFilterOrArgument(said, key, text, forCall);
    }
  }
  return said;
}

/** An argument whose text reads as a whole filter is taken for one: PostgREST decides it the same way. */
function readFilterOrArgument(said: Parameters, key: string, text: string, forCall: boolean): void {
  const operation = forCall ? tryParseOperation(text) : parseOperation(text);
  if (!operation) {
    said.args.push([key, text]);
    return;
  }
  const { embeds, field } = parsePath(key);
  said.filters.push({ embeds, value: { field, ...operation } });
}
