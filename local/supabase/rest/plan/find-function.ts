import { RestError } from '../errors.ts';
import { type Catalog, keyOf } from '../schema/catalog.ts';
import { type DbFunction } from '../schema/functions.ts';
import { findSimilar } from '../schema/similar-names.ts';

export interface Called {
  schema: string;
  name: string;
  /** Names of the arguments given. */
  keys: string[];
  /** Media type of a posted body, null for GET and HEAD. */
  bodyType: string | null;
}

/** A body of these types is the one unnamed argument, by the types it may have. */
const UNNAMED_TYPES: Record<string, string[]> = {
  'application/json': ['json', 'jsonb'],
  'text/plain': ['text'],
  'text/xml': ['xml'],
};

const isRawBody = (bodyType: string | null): boolean => bodyType === 'text/plain' || bodyType === 'text/xml';

function takesNamed({ parameters }: DbFunction, { keys, bodyType }: Called): boolean {
  if (parameters.length === 0) return keys.length === 0 && !isRawBody(bodyType);
  const names = new Set(parameters.map(({ name }) => name));
  return (
    keys.every((key) => names.has(key)) &&
    parameters.every(({ required, name }) => !required || keys.includes(name))
  );
}

function takesWholeBody({ parameters }: DbFunction, { bodyType }: Called): boolean {
  const [only] = parameters;
  if (bodyType === null || parameters.length !== 1 || only?.name !== '') return false;
  return (UNNAMED_TYPES[bodyType] ?? []).includes(only.type);
}

function notFound(called: Called, catalog: Catalog, sameName: DbFunction[]): RestError {
  const { schema, name, keys, bodyType } = called;
  const full = `${schema}.${name}`;
  const sorted = keys.toSorted();
  const listed = sorted.length === 0 ? ' without parameters' : `(${sorted.join(', ')})`;
  const described =
    sorted.length === 0
      ? ' without parameters'
      : ` with parameter${sorted.length > 1 ? 's' : ''} ${sorted.join(', ')}`;
  const searched = isRawBody(bodyType)
    ? ` with a single unnamed ${bodyType === 'text/xml' ? 'xml' : 'text'} parameter`
    : described + (bodyType === 'application/json' ? ' or with a single unnamed json/jsonb parameter' : '');
  const details = `Searched for the function ${full}${searched}, but no matches were found in the schema cache.`;
  return new RestError(
    404,
    'PGRST202',
    `Could not find the function ${full}${isRawBody(bodyType) ? '' : listed} in the schema cache`,
    { details, hint: isRawBody(bodyType) ? null : findHint(called, sorted, catalog, sameName) },
  );
}

function findHint(
  { schema, name }: Called,
  keys: string[],
  catalog: Catalog,
  sameName: DbFunction[],
): string | null {
  const list = (names: string[]): string => `(${names.join(', ')})`;
  const meant =
    sameName.length === 0
      ? findSimilar(
          name,
          [...catalog.functions.values()]
            .flat()
            .filter((one) => one.schema === schema)
            .map((one) => one.name),
        )
      : findSimilar(
          list(keys),
          sameName.map(({ parameters }) => list(parameters.map((parameter) => parameter.name).sort())),
          0,
        );
  if (meant === null) return null;
  const called = sameName.length === 0 ? meant : name + meant;
  return `Perhaps you meant to call the function ${schema}.${called}`;
}

function ambiguous(candidates: DbFunction[]): RestError {
  const listed = candidates.map(({ schema, name, parameters }) => {
    const args = parameters.map((parameter) => `${parameter.name} => ${parameter.type}`);
    return `${schema}.${name}(${args.join(', ')})`;
  });
  return new RestError(
    300,
    'PGRST203',
    `Could not choose the best candidate function between: ${listed.join(', ')}`,
    {
      hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
    },
  );
}

/** Chooses by the names of the arguments; failing that, the function that takes the whole body. */
export function findFunction(called: Called, catalog: Catalog): DbFunction {
  const sameName = catalog.functions.get(keyOf(called.schema, called.name)) ?? [];
  const named = sameName.filter((one) => takesNamed(one, called));
  const candidates = named.length > 0 ? named : sameName.filter((one) => takesWholeBody(one, called));
  if (candidates.length > 1) throw ambiguous(candidates);
  if (!candidates[0]) throw notFound(called, catalog, sameName);
  return candidates[0];
}
