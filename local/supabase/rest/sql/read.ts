import { notSupported } from '../errors.ts';
import {
  type EmbedNode,
  type ReadNode,
  type RootNode,
  aggregates,
  isToMany,
  keyOfEmbed,
} from '../tree/nodes.ts';
import { type OrderTerm } from '../query/order.ts';
import { gatheredNames, outputsOf, writeOutput } from './columns.ts';
import { joinedPresence, writeCondition, writeField, writeWhere } from './expressions.ts';
import { type SqlValues, quoteName, quoteQualified } from './text.ts';

/** The relation an embed selects from, joined with its junction where there is one. */
function embedSource({ relationship, relation, sqlName }: EmbedNode, parent: ReadNode): string {
  if (relationship.kind === 'computed') {
    const row = `${parent.rowName}::${quoteQualified(relationship.source)}`;
    return `${quoteQualified(relationship.function)}(${row}) as ${sqlName}`;
  }
  const target = `${quoteQualified(relation)} as ${sqlName}`;
  return relationship.kind === 'many-to-many'
    ? `${target}, ${quoteQualified(relationship.junction)} as ${junctionName(sqlName)}`
    : target;
}

const junctionName = (sqlName: string): string => `${sqlName.slice(0, -1)}_via"`;

/** What ties an embed's rows to its parent's row. */
function joinConditions({ relationship, sqlName }: EmbedNode, parent: ReadNode): string[] {
  switch (relationship.kind) {
    case 'computed':
      return [];
    case 'many-to-many': {
      const via = junctionName(sqlName);
      const toSource = relationship.sourceColumns.map(
        ([here, junction]) => `${via}.${quoteName(junction)} = ${parent.sqlName}.${quoteName(here)}`,
      );
      const toTarget = relationship.targetColumns.map(
        ([there, junction]) => `${via}.${quoteName(junction)} = ${sqlName}.${quoteName(there)}`,
      );
      return [...toTarget, ...toSource];
    }
    default:
      return relationship.columns.map(
        ([here, there]) => `${sqlName}.${quoteName(there)} = ${parent.sqlName}.${quoteName(here)}`,
      );
  }
}

function writeOrderTerm(node: ReadNode, term: OrderTerm, sql: SqlValues): string {
  const embed = node.embeds.find((one) => keyOfEmbed(one) === term.embed);
  const expression = embed
    ? writeField({ relation: null, sqlName: embed.resultName }, term.field, sql)
    : writeField(node, term.field, sql);
  const direction = term.direction === null ? '' : ` ${term.direction}`;
  return `${expression}${direction}${term.nulls === null ? '' : ` nulls ${term.nulls}`}`;
}

/** A to-many spread: one array per column. */
const writeGathered = (embed: EmbedNode): string =>
  gatheredNames(embed)
    .map(quoteName)
    .map((column) => `, coalesce(json_agg(${embed.resultName}.${column}), '[]')::jsonb as ${column}`)
    .join('');

function writeJoin(parent: ReadNode, embed: EmbedNode, expand: boolean, sql: SqlValues): string {
  const { resultName, inner } = embed;
  const join = `${inner ? ' inner' : ' left'} join lateral`;
  const place = { from: embedSource(embed, parent), conditions: joinConditions(embed, parent) };
  if (!isToMany(embed)) {
    return `${join} (${writeSelect(embed, place, expand, sql)}) as ${resultName} on true`;
  }
  if (embed.spread && aggregates(embed)) {
    throw notSupported('An aggregate in a one-to-many or many-to-many spread');
  }
  const rows = writeSelect(embed, place, expand || embed.spread, sql);
  const gathered = embed.spread ? writeGathered(embed) : '';
  const condition = inner ? `${resultName} is not null` : 'true';
  return `${join} (select json_agg(${resultName}) as ${resultName}${gathered} from (${rows}) as ${resultName}) as ${resultName} on ${condition}`;
}

function writeRange({ limit, offset }: ReadNode, sql: SqlValues): string {
  const written = limit === null ? '' : ` limit ${sql.add(String(limit))}`;
  return offset === 0 ? written : `${written} offset ${sql.add(String(offset))}`;
}

/** Where a node's rows come from, and what ties them to the row they belong to. */
interface Place {
  from: string;
  conditions: string[];
}

/** `expand`: `*` must be spelled out. */
function writeSelect(node: ReadNode, place: Place, expand: boolean, sql: SqlValues): string {
  const expandHere = expand || aggregates(node);
  const outputs = outputsOf(node, expandHere, sql);
  const joins = node.embeds.map((embed) => writeJoin(node, embed, expandHere, sql)).join('');
  const where = writeWhere([
    ...place.conditions,
    ...node.where.map((condition) => writeCondition(node, condition, sql, joinedPresence)),
  ]);
  const grouped = outputs.some(({ isAggregate }) => isAggregate)
    ? outputs.filter(({ isAggregate }) => !isAggregate).map(({ expression }) => expression)
    : [];
  const groupBy = grouped.length === 0 ? '' : ` group by ${grouped.join(', ')}`;
  const order = node.order.map((term) => writeOrderTerm(node, term, sql));
  const orderBy = order.length === 0 ? '' : ` order by ${order.join(', ')}`;
  const columns = outputs.map(writeOutput).join(', ');
  return `select ${columns} from ${place.from}${joins}${where}${groupBy}${orderBy}${writeRange(node, sql)}`;
}

/** `expand`: the source carries helper columns that `*` must not show. */
export function writeRows(root: RootNode, expand: boolean, sql: SqlValues): string {
  return writeSelect(root, { from: root.from, conditions: [] }, expand, sql);
}

function writeOnes(node: ReadNode, from: string, joins: string[], sql: SqlValues): string {
  const exists = (embed: EmbedNode): string =>
    `exists (${writeOnes(embed, embedSource(embed, node), joinConditions(embed, node), sql)})`;
  const where = writeWhere([
    ...joins,
    ...node.where.map((condition) =>
      writeCondition(node, condition, sql, (embed, wanted) => `${wanted ? '' : 'not '}${exists(embed)}`),
    ),
    ...node.embeds.filter(({ inner }) => inner).map(exists),
  ]);
  return `select 1 from ${from}${where}`;
}

/**
 * One row for each row there is, whatever the page: built from the tree, without columns, order and limit.
 * An inner embed, which narrows the rows, becomes a condition.
 */
export function writeCountedRows(root: RootNode, sql: SqlValues): string {
  return writeOnes(root, root.from, [], sql);
}
