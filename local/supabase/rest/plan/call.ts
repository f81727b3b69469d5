import { RestError, notSupported } from '../errors.ts';
import { negotiate } from '../http/media-types.ts';
import { type RawPayload, readPayload } from '../http/payload.ts';
import { type RestRequest } from '../http/request.ts';
import { type Parameters, parseParameters } from '../query/parameters.ts';
import { type Catalog, keyOf } from '../schema/catalog.ts';
import { type DbFunction } from '../schema/functions.ts';
import { type CallArguments, writeCall } from '../sql/call.ts';
import { SOURCE, writeStatement } from '../sql/statement.ts';
import { SqlValues, quoteName } from '../sql/text.ts';
import { buildTree } from '../tree/build.ts';
import { findNeeds } from '../tree/needs.ts';
import { findFunction } from './find-function.ts';
import { NOTHING_APPLICABLE, type Plan, explainIfAsked, shapeOf } from './plan.ts';
import { withPage } from './read.ts';

/** Arguments one by one: of an address (GET, HEAD) or of a form. */
function groupValues(pairs: [string, string][]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

function findKeys(parameters: Parameters, payload: RawPayload | null): string[] {
  if (payload === null) return [...new Set(parameters.args.map(([name]) => name))];
  if (payload.kind === 'form') return [...new Set(payload.pairs.map(([name]) => name))];
  return payload.kind === 'json' ? payload.keys : [];
}

function planArguments(
  fn: DbFunction,
  parameters: Parameters,
  payload: RawPayload | null,
  keys: string[],
): CallArguments {
  const [only] = fn.parameters;
  if (only?.name === '') {
    const body = payload?.kind === 'json' ? payload.json : payload?.kind === 'raw' ? payload.text : '';
    return { kind: 'whole', body, parameter: only };
  }
  const given = fn.parameters.filter(({ name }) => keys.includes(name));
  if (payload?.kind === 'json') {
    const columns = given.map(({ name, type }) => ({ name, type, default: null }));
    return {
      kind: 'payload',
      payload: { json: payload.json, isObject: payload.isObject, columns, applyDefaults: false },
    };
  }
  const pairs = payload?.kind === 'form' ? payload.pairs : parameters.args;
  return { kind: 'named', values: groupValues(pairs), parameters: given };
}

function checkSupported(fn: DbFunction, request: RestRequest): void {
  if (fn.returns.name.includes('/')) {
    throw notSupported(`A custom media type ("${fn.returns.name}", the return type of ${fn.name})`);
  }
  const { maxAffected, handling } = request.preferences;
  if (maxAffected !== null && handling === 'strict' && !fn.returns.isSet) {
    throw new RestError(
      400,
      'PGRST128',
      'Function must return SETOF or TABLE when max-affected preference is used with handling=strict',
    );
  }
}

export function planCall(request: RestRequest, name: string, catalog: Catalog): Plan {
  const { schema, method, preferences } = request;
  const posts = method === 'POST';
  const parsed = parseParameters(request.queryString, !posts);
  const payload = posts ? readPayload(request, parsed.columns, true) : null;
  const keys = findKeys(parsed, payload);
  const bodyType = posts ? request.contentType : null;
  const fn = findFunction({ schema, name, keys, bodyType }, catalog);
  checkSupported(fn, request);

  const { kind, isSet } = fn.returns;
  const resultName = kind === 'composite' ? fn.returns.name : name;
  const quoted = quoteName(resultName);
  const root = buildTree({
    catalog,
    source: {
      schema,
      name: resultName,
      relation:
        kind === 'composite' ? (catalog.relations.get(keyOf(fn.returns.schema, resultName)) ?? null) : null,
      from: `${SOURCE} as ${quoted}`,
      sqlName: quoted,
    },
    parameters: withPage(parsed, request.range),
    withRootFilters: true,
    withRanges: true,
  });
  const media = negotiate(request.accept, catalog.configuration.plans);
  const needs = findNeeds(root, []);
  const sql = new SqlValues();
  const args = planArguments(fn, parsed, payload, keys);
  const source = writeCall({ function: fn, args, columns: needs.columns }, sql);
  const silent = method === 'HEAD' || kind === 'void';
  const statement = writeStatement(
    {
      root,
      source,
      onlyCounts: false,
      body: silent ? { kind: 'none' } : shapeOf(media, { scalar: kind === 'scalar', first: !isSet }),
      counts: preferences.count === 'exact' || preferences.count === 'estimated',
      countLimit: null,
      expandStar: needs.expandStar,
      locationColumns: [],
      inserted: null,
    },
    sql,
  );
  return {
    kind: 'call',
    statement: explainIfAsked(media, statement),
    estimate: null,
    exactUpTo: null,
    media,
    readOnly: !posts || !fn.volatile,
    settings: fn.settings,
    offset: root.offset,
    isVoid: kind === 'void',
    location: null,
    resource: name,
    applicable: { ...NOTHING_APPLICABLE, maxAffected: true },
  };
}
