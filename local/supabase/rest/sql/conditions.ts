import { type Condition, type EmbedNode } from '../tree/nodes.ts';
import { type Rows, writeFilter } from './expressions.ts';
import { type SqlValues } from './text.ts';

/** How "the embed has something in it" is written: the statement and its count say it differently. */
export type WritePresence = (embed: EmbedNode, wanted: boolean) => string;

/** Beside a join with the embed's result: an absent one is null as a whole. */
export const joinedPresence: WritePresence = ({ resultName }, wanted) =>
  `${resultName} is ${wanted ? '' : 'not '}distinct from null`;

export function writeCondition(
  rows: Rows,
  condition: Condition,
  sql: SqlValues,
  writePresence: WritePresence,
): string {
  switch (condition.kind) {
    case 'filter':
      return writeFilter(rows, condition.filter, sql);
    case 'presence':
      return writePresence(condition.embed, condition.wanted);
    case 'group': {
      const members = condition.members.map((member) => writeCondition(rows, member, sql, writePresence));
      return `${condition.negated ? 'not ' : ''}(${members.join(` ${condition.operator} `)})`;
    }
  }
}

export const writeWhere = (conditions: string[]): string =>
  conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
