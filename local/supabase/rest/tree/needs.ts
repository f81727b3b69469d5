import { type Condition, type RootNode } from './nodes.ts';

/** Names of the columns that conditions speak of, and of embeds they ask the presence of none. */
function namesIn(condition: Condition): string[] {
  if (condition.kind === 'filter') return [condition.filter.field.name];
  return condition.kind === 'group' ? condition.members.flatMap(namesIn) : [];
}

/** Columns of the root that its embeds are joined by; null when a function takes the whole row. */
function joinColumns(root: RootNode): string[] | null {
  const columns: string[] = [];
  for (const { relationship } of root.embeds) {
    if (relationship.kind === 'computed') return null;
    const pairs = relationship.kind === 'many-to-many' ? relationship.sourceColumns : relationship.columns;
    columns.push(...pairs.map(([here]) => here));
  }
  return columns;
}

export interface Needs {
  columns: string[];
  /** More is taken along than `*` means, so `*` must be spelled out. */
  expandStar: boolean;
}

/**
 * What a mutation or call must hand back for the tree to be answered from it: no more than that, since
 * reading a column takes the right to. `also`: a mutation reads the primary key along, as PostgREST does.
 */
export function findNeeds(root: RootNode, also: string[]): Needs {
  const joins = joinColumns(root);
  const named = [
    ...root.fields.map(({ field }) => field.name),
    ...root.order.filter(({ embed }) => embed === null).map(({ field }) => field.name),
    ...root.where.flatMap(namesIn),
  ];
  const everything =
    joins === null || named.includes('*') || (root.fields.length === 0 && root.embeds.length === 0);
  if (!everything) return { columns: [...new Set([...named, ...joins, ...also])], expandStar: false };
  // Beyond all columns there are computed ones: functions of a row.
  const known = root.relation?.columns;
  const computed = known ? [...new Set(named)].filter((name) => name !== '*' && !known.has(name)) : [];
  return { columns: ['*', ...computed], expandStar: computed.length > 0 };
}
