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

/** The rows asked for, or those of one embed: a select of its own in the statement. */
export interface ReadNode {
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

export interface EmbedNode extends ReadNode {
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

export interface RootNode extends ReadNode {
  /** What to select from, already SQL. */
  from: string;
}

/** The key under which it appears in the parent's rows. */
export const keyOfEmbed = ({ alias, name }: EmbedNode): string => alias ?? name;

export const isToMany = ({ relationship }: EmbedNode): boolean => !isToOne(relationship);

/** A spread to-one embed leaves aggregating to the row it is spread into. */
export const handsAggregatesUp = (node: ReadNode): boolean =>
  'spread' in node && (node as EmbedNode).spread && !isToMany(node as EmbedNode);

/** Does any column of this node's own rows, or of embeds spread into them, call for grouping? */
export function aggregates(node: ReadNode): boolean {
  return (
    node.fields.some(({ aggregate }) => aggregate !== null) ||
    node.embeds.some((embed) => handsAggregatesUp(embed) && aggregates(embed))
  );
}
