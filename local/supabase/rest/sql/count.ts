import { type EmbedNode, type ReadNode, type RootNode } from '../tree/nodes.ts';
import { writeCondition, writeWhere } from './conditions.ts';
import { embedSource, joinConditions } from './read.ts';
import { type SqlValues } from './text.ts';

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
