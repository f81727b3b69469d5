import { invalidBody } from '../errors.ts';
import { readPairs } from '../query/parameters.ts';
import { type RestRequest } from './request.ts';

/** A request's body, before it is known what its keys stand for. */
export type RawPayload =
  | { kind: 'json'; json: string; isObject: boolean; keys: string[] }
  | { kind: 'form'; pairs: [string, string][] }
  | { kind: 'raw'; text: string };

const looksLikeObject = (json: string): boolean => /^\s*\{/.test(json);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys of an object, or those that all objects of an array share. */
function findKeys(value: unknown): string[] {
  if (isObject(value)) return Object.keys(value);
  if (!Array.isArray(value) || value.length === 0) return [];
  const [first] = value as unknown[];
  if (!isObject(first)) throw invalidBody('All object keys must match');
  const keys = Object.keys(first);
  const uniform = (value as unknown[]).every(
    (row) =>
      isObject(row) &&
      Object.keys(row).length === keys.length &&
      keys.every((key) => Object.hasOwn(row, key)),
  );
  if (!uniform) throw invalidBody('All object keys must match');
  return keys;
}

function readJson(body: string, columns: string[] | null, forCall: boolean): RawPayload {
  // The columns are said: Postgres alone looks into the json.
  if (columns) return { kind: 'json', json: body, isObject: looksLikeObject(body), keys: columns };
  if (body === '' && forCall) return { kind: 'json', json: '{}', isObject: true, keys: [] };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalidBody('Empty or invalid json');
  }
  if (typeof value !== 'object' || value === null) {
    // A bare value has no keys. As the one argument of a function it still counts as it is.
    return { kind: 'json', json: forCall ? body : '[]', isObject: false, keys: [] };
  }
  return { kind: 'json', json: body, isObject: isObject(value), keys: findKeys(value) };
}

/** `forCall`: the body holds a function's arguments, otherwise rows of a table. */
export function readPayload(
  { body, contentType }: Pick<RestRequest, 'body' | 'contentType'>,
  columns: string[] | null,
  forCall: boolean,
): RawPayload {
  switch (contentType) {
    case 'application/json':
      return readJson(body, columns, forCall);
    case 'application/x-www-form-urlencoded': {
      const pairs = readPairs(body);
      if (forCall) return { kind: 'form', pairs };
      const row = Object.fromEntries(pairs);
      return { kind: 'json', json: JSON.stringify(row), isObject: true, keys: Object.keys(row) };
    }
    case 'text/plain':
    case 'text/xml':
      if (forCall) return { kind: 'raw', text: body };
  }
  throw invalidBody(`Content-Type not acceptable: ${contentType}`);
}
