import {
  type EmbedNode,
  type ReadNode,
  aggregates,
  handsAggregatesUp,
  isToMany,
  keyOfEmbed,
} from '../tree/nodes.ts';
import { type Field } from '../query/names.ts';
import { type Aggregate, type SelectField } from '../query/select.ts';
import { writeField } from './expressions.ts';
import { type SqlValues, quoteName } from './text.ts';

/** One column of a select: what it is, its name (null for `*`), and whether it aggregates. */
export interface Output {
  expression: string;
  name: string | null;
  isAggregate: boolean;
}

const plain = (expression: string, name: string | null): Output => ({ expression, name, isAggregate: false });

export const writeOutput = ({ expression, name }: Output): string =>
  name === null ? expression : `${expression} as ${quoteName(name)}`;

/** The key a field appears under: its alias, else an aggregate's name, the last json key, or the column. */
function nameOf({ alias, aggregate, field }: SelectField): string {
  if (alias !== null) return alias;
  if (aggregate !== null) return aggregate;
  return field.path.findLast(({ isIndex }) => !isIndex)?.key ?? field.name;
}

// A type's name cannot be quoted (`"int"` is no type); the parser lets letters, digits, _, $ and spaces pass.
const writeCast = (expression: string, type: string | null): string =>
  type === null ? expression : `cast(${expression} as ${type})`;

const writeAggregate = (aggregate: Aggregate, cast: string | null, expression: string): string =>
  writeCast(`${aggregate}(${expression})`, cast);

const isStar = ({ name, path }: Field): boolean => name === '*' && path.length === 0;

/** Names behind `*`, where the columns are known. */
const columnNames = ({ relation }: ReadNode): string[] | null => relation && [...relation.columns.keys()];

function fieldOutputs(node: ReadNode, item: SelectField, expand: boolean, sql: SqlValues): Output[] {
  const { field, aggregate, aggregateCast } = item;
  const name = nameOf(item);
  const aggregatesHere = aggregate !== null && !handsAggregatesUp(node);
  if (isStar(field) && aggregate === null) {
    const names = expand ? columnNames(node) : null;
    if (!names) return [plain(`${node.sqlName}.*`, null)];
    return names.map((column) => plain(`${node.sqlName}.${quoteName(column)}`, column));
  }
  if (isStar(field)) {
    // Counted one level up, what is counted there is whole rows.
    if (!aggregatesHere) return [plain(node.rowName, name)];
    return [{ expression: writeCast('count(*)', aggregateCast), name, isAggregate: true }];
  }
  const expression = writeCast(writeField(node, field, sql), item.cast);
  if (!aggregatesHere) return [plain(expression, name)];
  return [{ expression: writeAggregate(aggregate, aggregateCast, expression), name, isAggregate: true }];
}

/** `clients()`: joined for its filters, shown nowhere. */
const isEmpty = (embed: EmbedNode): boolean =>
  embed.fields.length === 0 && embed.embeds.every((inner) => isEmpty(inner));

/** A column that an embed's result offers to the row it is spread into. */
interface SpreadColumn {
  name: string;
  aggregate: Aggregate | null;
  cast: string | null;
}

const spreadColumn = (name: string): SpreadColumn => ({ name, aggregate: null, cast: null });

function spreadColumns(embed: EmbedNode, expand: boolean): SpreadColumn[] {
  const handsUp = handsAggregatesUp(embed);
  const own = embed.fields.flatMap((item): SpreadColumn[] => {
    if (isStar(item.field) && item.aggregate === null) {
      return ((expand && columnNames(embed)) || ['*']).map(spreadColumn);
    }
    const name = nameOf(item);
    return [handsUp ? { name, aggregate: item.aggregate, cast: item.aggregateCast } : spreadColumn(name)];
  });
  const embedded = embed.embeds.flatMap((inner): SpreadColumn[] => {
    if (!inner.spread) return isEmpty(inner) ? [] : [spreadColumn(keyOfEmbed(inner))];
    const columns = spreadColumns(inner, expand || isToMany(inner));
    return handsUp && handsAggregatesUp(inner) ? columns : columns.map(({ name }) => spreadColumn(name));
  });
  return [...own, ...embedded];
}

/** Names of what a to-many spread gathers into arrays, in its result. */
export const gatheredNames = (embed: EmbedNode): string[] =>
  spreadColumns(embed, true).map(({ name }) => name);

/** Columns of a spread embed's result as they stand in the parent's select. */
function spreadOutputs(parent: ReadNode, embed: EmbedNode, expand: boolean): Output[] {
  const aggregatesHere = handsAggregatesUp(embed) && !handsAggregatesUp(parent);
  return spreadColumns(embed, expand || isToMany(embed)).map(({ name, aggregate, cast }) => {
    if (name === '*') return plain(`${embed.resultName}.*`, null);
    const column = `${embed.resultName}.${quoteName(name)}`;
    if (aggregate === null || !aggregatesHere) return plain(column, name);
    return { expression: writeAggregate(aggregate, cast, column), name, isAggregate: true };
  });
}

function embedOutputs(node: ReadNode, embed: EmbedNode, expand: boolean): Output[] {
  if (embed.spread) return spreadOutputs(node, embed, expand);
  if (isEmpty(embed)) return [];
  // Grouping needs an equality, which json has not.
  const cast = aggregates(node) ? '::jsonb' : '';
  const expression = isToMany(embed)
    ? `coalesce(${embed.resultName}.${embed.resultName}${cast}, '[]')`
    : `row_to_json(${embed.resultName}.*)${cast}`;
  return [plain(expression, keyOfEmbed(embed))];
}

/** Everything a node's select puts out: its columns, then its embeds. `expand`: spell out `*`. */
export function outputsOf(node: ReadNode, expand: boolean, sql: SqlValues): Output[] {
  if (node.fields.length === 0 && node.embeds.length === 0) return [plain(`${node.sqlName}.*`, null)];
  return [
    ...node.fields.flatMap((item) => fieldOutputs(node, item, expand, sql)),
    ...node.embeds.flatMap((embed) => embedOutputs(node, embed, expand)),
  ];
}
