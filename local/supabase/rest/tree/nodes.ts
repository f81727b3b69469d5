import { type Filter } from '../query/filters.ts';
import { type OrderTerm } from '../query/order.ts';
import { type SelectField } from '../query/select.ts';
import { type Relation } from '../schema/relations.ts';
import { type Relationship, isToOne } from '../schema/relationships.ts';

export type Condition =
  | { kind: 'filter'; filter: Filter }
  | { kind: 'group'; negated: boolean; operator: 'and' | 'or'; members: Condition[] }
  /** The embed has (or, `wanted` false, has not) anything in it: `clients=not.is.null`. */
  | { kind: 'presence'; embed: EmbedNode; wanted: boolean };

/** One select of the statement. */
interface NodeBase {
  /** Null for a function's result that is no table's row. */
  relation: Relation | null;
  /** How its rows are called in SQL, already quoted: `"api"."orders"`, `"orders_1"`. */
  sqlName: string;
  /** The same rows as a value, e.g. as argument of a function. */
  rowName: string;
  fields: SelectField[];
  embeds: EmbedNode[];
  where: Condition[];
  order: OrderTerm[];
  limit: number | null;
  offset: number;
}

/** The rows asked for. */
export interface RootNode extends NodeBase {
  kind: 'root';
  /** What to select from, already SQL. */
  from: string;
}

/** The rows of something related. */
export interface EmbedNode extends NodeBase {
  kind: 'embed';
  relation: Relation;
  /** The relation, constraint or column named in `select`. */
  name: string;
  alias: string | null;
  relationship: Relationship;
  inner: boolean;
  spread: boolean;
  /** Quoted name of the joined subselect that holds its result. */
  resultName: string;
}

export type ReadNode = RootNode | EmbedNode;

/** The key under which it appears in the parent's rows. */
export const keyOfEmbed = ({ alias, name }: EmbedNode): string => alias ?? name;

export const isToMany = ({ relationship }: EmbedNode): boolean => !isToOne(relationship);

/** A spread to-one embed leaves aggregating to the row it is spread into. */
export const handsAggregatesUp = (node: ReadNode): boolean =>
  node.kind === 'embed' && node.spread && !isToMany(node);

/** Does any column of this node's own rows, or of embeds spread into them, call for grouping? */
export function aggregates(node: ReadNode): boolean {
  return (
    node.fields.some(({ aggregate }) => aggregate !== null) ||
    node.embeds.some((embed) => handsAggregatesUp(embed) && aggregates(embed))
  );
}

export const emptyNode = (sqlName: string): Omit<NodeBase, 'relation'> => ({
  sqlName,
  rowName: sqlName,
  fields: [],
  embeds: [],
  where: [],
  order: [],
  limit: null,
  offset: 0,
});
