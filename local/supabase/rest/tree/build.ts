import { RestError, notEmbedded } from '../errors.ts';
import { type Filter } from '../query/filters.ts';
import { type Logic } from '../query/logic.ts';
import { type OrderTerm } from '../query/order.ts';
import { type Parameters } from '../query/parameters.ts';
import { type SelectItem } from '../query/select.ts';
import { type Catalog } from '../schema/catalog.ts';
import { type Relation } from '../schema/relations.ts';
import { quoteName } from '../sql/text.ts';
import { findRelationship } from './relationships.ts';
import {
  type Condition,
  type EmbedNode,
  type ReadNode,
  type RootNode,
  emptyNode,
  isToMany,
  keyOfEmbed,
} from './nodes.ts';

/** Where the root's rows come from: a table, or what a call or a mutation returned. */
export interface Source {
  schema: string;
  /** The relation's, or the function's result type's, name. */
  name: string;
  relation: Relation | null;
  from: string;
  sqlName: string;
}

export interface BuildOptions {
  catalog: Catalog;
  source: Source;
  parameters: Parameters;
  /** An update or delete applies the root's filters itself. */
  withRootFilters: boolean;
  /** An insert, update or delete knows no limit. */
  withRanges: boolean;
}

/** Long or unusual names do not fit in an alias of 63 bytes together with its number. */
const aliasFor = (name: string, number: number): string =>
  quoteName(`${/^[\x20-\x7e]{1,50}$/.test(name) ? name : 'embed'}_${number}`);

class TreeBuilder {
  readonly #catalog: Catalog;
  readonly #schema: string;
  #embeds = 0;

  constructor(catalog: Catalog, schema: string) {
    this.#catalog = catalog;
    this.#schema = schema;
  }

  /** Splits a select into the columns and the embeds of one node. */
  fill(node: ReadNode, nodeName: string, items: SelectItem[]): void {
    for (const item of items) {
      if (item.kind === 'field') {
        if (item.aggregate && !this.#catalog.configuration.aggregates) {
          throw new RestError(400, 'PGRST123', 'Use of aggregate functions is not allowed');
        }
        node.fields.push(item);
        continue;
      }
      const relationship = findRelationship({
        catalog: this.#catalog,
        schema: this.#schema,
        source: node.relation,
        sourceName: nodeName,
        target: item.name,
        hint: item.hint,
      });
      this.#embeds += 1;
      const sqlName = aliasFor(relationship.target.name, this.#embeds);
      const embed: EmbedNode = {
        ...emptyNode(sqlName),
        kind: 'embed',
        relation: relationship.target,
        name: item.name,
        alias: item.alias,
        relationship,
        inner: item.inner,
        spread: item.spread,
        resultName: quoteName(`embed_${this.#embeds}`),
      };
      node.embeds.push(embed);
      this.fill(embed, relationship.target.name, item.select);
    }
  }
}

/** An embed goes by its alias, or by the name of what is embedded. */
function findNode(root: ReadNode, path: string[]): ReadNode {
  return path.reduce<ReadNode>((node, name) => {
    const embed =
      node.embeds.find((one) => one.alias === name) ?? node.embeds.find((one) => one.name === name);
    if (!embed) throw notEmbedded(name);
    return embed;
  }, root);
}

/** `clients=is.null` asks about the embed of that name where there is one, else about a column. */
function resolveFilter(node: ReadNode, filter: Filter): Condition {
  const { field, negated, operation } = filter;
  const asksPresence =
    operation.kind === 'is' && (operation.state === 'null' || operation.state === 'not_null');
  const embed =
    asksPresence && field.path.length === 0
      ? node.embeds.find((one) => keyOfEmbed(one) === field.name)
      : undefined;
  if (!embed || operation.kind !== 'is') return { kind: 'filter', filter };
  return { kind: 'presence', embed, wanted: (operation.state === 'null') === negated };
}

export function resolveLogic(node: ReadNode, logic: Logic): Condition {
  if (logic.kind === 'filter') return resolveFilter(node, logic.filter);
  return { ...logic, members: logic.members.map((member) => resolveLogic(node, member)) };
}

function checkOrder(node: ReadNode, terms: OrderTerm[], nodeName: string): void {
  for (const { embed: name } of terms) {
    if (name === null) continue;
    const embed = node.embeds.find((one) => keyOfEmbed(one) === name);
    if (!embed) throw notEmbedded(name);
    if (isToMany(embed)) {
      throw new RestError(400, 'PGRST118', `A related order on '${name}' is not possible`, {
        details: `'${nodeName}' and '${name}' do not form a many-to-one or one-to-one relationship`,
      });
    }
  }
}

function limitRows(node: ReadNode, maxRows: number): void {
  node.limit = Math.min(node.limit ?? maxRows, maxRows);
  for (const embed of node.embeds) limitRows(embed, maxRows);
}

/** The tree of selects that answers `select`, with everything the address says about each of them. */
export function buildTree({
  catalog,
  source,
  parameters,
  withRootFilters,
  withRanges,
}: BuildOptions): RootNode {
  const root: RootNode = {
    ...emptyNode(source.sqlName),
    kind: 'root',
    relation: source.relation,
    rowName: quoteName(source.name),
    from: source.from,
  };
  new TreeBuilder(catalog, source.schema).fill(root, source.name, parameters.select);

  for (const { embeds, value } of parameters.filters) {
    if (embeds.length === 0 && !withRootFilters) continue;
    const node = findNode(root, embeds);
    node.where.push(resolveFilter(node, value));
  }
  for (const { embeds, value } of parameters.logic) {
    if (embeds.length === 0 && !withRootFilters) continue;
    const node = findNode(root, embeds);
    node.where.push(resolveLogic(node, value));
  }
  for (const { embeds, value } of parameters.order) {
    const node = findNode(root, embeds);
    checkOrder(node, value, node.relation?.name ?? source.name);
    node.order = value;
  }
  if (withRanges) {
    for (const { embeds, value } of parameters.ranges) Object.assign(findNode(root, embeds), value);
    const { maxRows } = catalog.configuration;
    if (maxRows !== null) limitRows(root, maxRows);
  }
  return root;
}
