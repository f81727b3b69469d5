import { findPage } from '../http/ranges.ts';
import { negotiate } from '../http/media-types.ts';
import { type RestRequest } from '../http/request.ts';
import { type Parameters, parseParameters, readPairs } from '../query/parameters.ts';
import { type Catalog, findRelation } from '../schema/catalog.ts';
import { writeCountEstimate, writeStatement } from '../sql/statement.ts';
import { SqlValues, quoteQualified } from '../sql/text.ts';
import { buildTree } from '../tree/build.ts';
import { NOTHING_APPLICABLE, type Plan, explainIfAsked, shapeOf } from './plan.ts';

/** The Range header has its say about the root, beside `limit` and `offset`. */
export function withPage(parameters: Parameters, range: string | undefined): Parameters {
  const page = findPage(range, parameters);
  const ofEmbeds = parameters.ranges.filter(({ embeds }) => embeds.length > 0);
  return { ...parameters, ranges: [...ofEmbeds, { embeds: [], value: page }] };
}

/** The address of what was read, its parameters in alphabetical order. */
function writeLocation(name: string, queryString: string): string {
  const pairs = readPairs(queryString).sort(([some], [other]) => (some < other ? -1 : Number(some > other)));
  const query = pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  return `/${encodeURIComponent(name)}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

export function planRead(request: RestRequest, name: string, catalog: Catalog): Plan {
  const { schema, preferences } = request;
  const relation = findRelation(catalog, schema, name);
  const parameters = withPage(parseParameters(request.queryString, false), request.range);
  const from = quoteQualified(relation);
  const root = buildTree({
    catalog,
    source: { schema, name, relation, from, sqlName: from },
    parameters,
    withRootFilters: true,
    withRanges: true,
  });
  const media = negotiate(request.accept, catalog.configuration.plans);
  const head = request.method === 'HEAD';
  const { count } = preferences;
  const { maxRows } = catalog.configuration;
  const statement = writeStatement(
    {
      root,
      source: null,
      onlyCounts: false,
      body: head ? { kind: 'none' } : shapeOf(media, { scalar: false, first: false }),
      counts: count === 'exact' || count === 'estimated',
      countLimit: count === 'estimated' && maxRows !== null ? maxRows + 1 : null,
      expandStar: false,
      locationColumns: [],
      inserted: null,
    },
    new SqlValues(),
  );
  const estimates = media.kind !== 'plan' && (count === 'planned' || count === 'estimated');
  return {
    kind: 'read',
    statement: explainIfAsked(media, statement),
    exactUpTo: count === 'estimated' ? maxRows : null,
    estimate: estimates ? writeCountEstimate(root, new SqlValues()) : null,
    media,
    readOnly: true,
    settings: [],
    offset: root.offset,
    isVoid: false,
    location: writeLocation(name, request.queryString),
    resource: name,
    applicable: NOTHING_APPLICABLE,
  };
}
