import { RestError } from '../errors.ts';
import { negotiate } from '../http/media-types.ts';
import { readPayload } from '../http/payload.ts';
import { type RestRequest } from '../http/request.ts';
import { type Parameters, parseParameters } from '../query/parameters.ts';
import { type Catalog, findRelation } from '../schema/catalog.ts';
import { type Relation } from '../schema/relations.ts';
import { INSERTED_COUNT, type Mutation, writeMutation } from '../sql/mutations.ts';
import { type Payload } from '../sql/payload.ts';
import { SOURCE, writeStatement } from '../sql/statement.ts';
import { SqlValues, quoteName } from '../sql/text.ts';
import { buildTree, resolveLogic } from '../tree/build.ts';
import { findNeeds } from '../tree/needs.ts';
import { type Condition, type RootNode } from '../tree/nodes.ts';
import { type Plan, explainIfAsked, shapeOf } from './plan.ts';

type Kind = 'insert' | 'put' | 'update' | 'delete';

function typeColumns(relation: Relation, keys: string[]): Payload['columns'] {
  return keys.map((key) => {
    const column = relation.columns.get(key);
    if (column) return column;
    throw new RestError(
      400,
      'PGRST204',
      `Could not find the '${key}' column of '${relation.name}' in the schema cache`,
    );
  });
}

function planPayload(request: RestRequest, relation: Relation, columns: string[] | null): Payload {
  const payload = readPayload(request, columns, false);
  if (payload.kind !== 'json') throw new Error('rows are read as json');
  return {
    json: payload.json,
    isObject: payload.isObject,
    columns: typeColumns(relation, payload.keys),
    applyDefaults: request.preferences.missing === 'default',
  };
}

function rootConditions(root: RootNode, { filters, logic }: Parameters): Condition[] {
  return [
    ...filters
      .filter(({ embeds }) => embeds.length === 0)
      .map(({ value }): Condition => ({ kind: 'filter', filter: value })),
    ...logic
      .filter(({ embeds }) => embeds.length === 0)
      .map(({ value }) => resolveLogic({ ...root, embeds: [] }, value)),
  ];
}

/** PUT writes the one row that the address names by its whole primary key, `eq` each. */
function checkPut({ primaryKey }: Relation, { filters, logic, ranges }: Parameters): void {
  if (ranges.some(({ embeds }) => embeds.length === 0)) {
    throw new RestError(400, 'PGRST114', 'limit/offset querystring parameters are not allowed for PUT');
  }
  const isKeyOnly =
    logic.length === 0 &&
    primaryKey.length > 0 &&
    filters.length === primaryKey.length &&
    filters.every(
      ({ embeds, value: { field, negated, operation } }) =>
        embeds.length === 0 &&
        field.path.length === 0 &&
        primaryKey.includes(field.name) &&
        !negated &&
        operation.kind === 'quantified' &&
        operation.operator === 'eq' &&
        operation.quantifier === null,
    );
  if (isKeyOnly) return;
  throw new RestError(
    405,
    'PGRST105',
    "Filters must include all and only primary key columns with 'eq' operators",
  );
}

function planMutation(
  kind: Kind,
  request: RestRequest,
  relation: Relation,
  parameters: Parameters,
  root: RootNode,
  returning: string[],
): Mutation {
  const { resolution } = request.preferences;
  const base = { relation, returning };
  switch (kind) {
    case 'insert': {
      const columns = parameters.onConflict ?? relation.primaryKey;
      const action = resolution === 'merge-duplicates' ? 'merge' : 'ignore';
      return {
        ...base,
        kind,
        payload: planPayload(request, relation, parameters.columns),
        conflict: resolution === null ? null : { action, columns },
        matching: [],
      };
    }
    case 'put':
      checkPut(relation, parameters);
      return {
        ...base,
        kind: 'insert',
        payload: { ...planPayload(request, relation, null), applyDefaults: false },
        conflict: { action: 'merge', columns: relation.primaryKey },
        matching: rootConditions(root, parameters),
      };
    case 'update':
      return {
        ...base,
        kind,
        payload: planPayload(request, relation, parameters.columns),
        where: rootConditions(root, parameters),
      };
    case 'delete':
      return { ...base, kind, where: rootConditions(root, parameters) };
  }
}

export function planMutate(kind: Kind, request: RestRequest, name: string, catalog: Catalog): Plan {
  const { schema, preferences } = request;
  const relation = findRelation(catalog, schema, name);
  const parameters = parseParameters(request.queryString, false);
  const quoted = quoteName(name);
  const root = buildTree({
    catalog,
    source: { schema, name, relation, from: `${SOURCE} as ${quoted}`, sqlName: quoted },
    parameters,
    withRootFilters: false,
    withRanges: false,
  });
  const media = negotiate(request.accept, catalog.configuration.plans);
  const shows = preferences.return === 'representation';
  const inserts = kind === 'insert' || kind === 'put';
  const needs = findNeeds(root, relation.primaryKey);
  const located = kind === 'insert' && preferences.return === 'headers-only';
  const returning = shows ? needs.columns : located ? relation.primaryKey : [];

  const sql = new SqlValues();
  const mutation = planMutation(kind, request, relation, parameters, root, returning);
  const source = writeMutation(mutation, sql);
  const merges = mutation.kind === 'insert' && mutation.conflict?.action === 'merge';
  const statement = writeStatement(
    {
      root,
      source,
      onlyCounts: !shows,
      body: shows ? shapeOf(media, { scalar: false, first: false }) : { kind: 'none' },
      counts: false,
      countLimit: null,
      expandStar: needs.expandStar,
      locationColumns: located ? relation.primaryKey : [],
      inserted: merges ? INSERTED_COUNT : null,
    },
    sql,
  );
  return {
    kind,
    statement: explainIfAsked(media, statement),
    estimate: null,
    exactUpTo: null,
    media,
    readOnly: false,
    settings: [],
    offset: 0,
    isVoid: false,
    location: null,
    resource: name,
    applicable: {
      resolution: kind === 'insert' && (relation.primaryKey.length > 0 || parameters.onConflict !== null),
      return: true,
      missing: inserts ? kind === 'insert' : kind === 'update',
      maxAffected: kind === 'update' || kind === 'delete',
    },
  };
}
