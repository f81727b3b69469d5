import {
  COMPARISONS,
  type Filter,
  type Operation,
  QUANTIFIABLE,
  STATES,
  TEXT_SEARCHES,
} from '../query/filters.ts';
import { type Field } from '../query/names.ts';
import { type Relation } from '../schema/relations.ts';
import { type Condition, type EmbedNode } from '../tree/nodes.ts';
import { type SqlValues, arrayLiteral, quoteName } from './text.ts';

/** The rows a column is looked up in. */
export interface Rows {
  relation: Relation | null;
  sqlName: string;
}

/** A column, or what the arrows after it lead to. An unknown column is left for Postgres to refuse. */
export function writeField(rows: Rows, field: Field, sql: SqlValues): string {
  const column = `${rows.sqlName}.${quoteName(field.name)}`;
  if (field.path.length === 0) return column;
  const type = rows.relation?.columns.get(field.name)?.type;
  // A plain json column must stay as it is, or an index on the same expression would not be used.
  const start = type === 'json' || type === 'jsonb' ? column : `to_jsonb(${column})`;
  const steps = field.path.map(
    ({ arrow, key, isIndex }) => `${arrow}${sql.add(key)}::${isIndex ? 'int' : 'text'}`,
  );
  return `(${start}${steps.join('')})`;
}

/** Both sides of a text search; anything that is no tsvector yet is made one. */
function writeSearch(
  rows: Rows,
  field: Field,
  { operator, language, value }: Extract<Operation, { kind: 'search' }>,
  sql: SqlValues,
): string {
  const configuration = language === null ? '' : `${sql.add(language)}, `;
  const written = writeField(rows, field, sql);
  const isVector = field.path.length === 0 && rows.relation?.columns.get(field.name)?.baseType === 'tsvector';
  const document = isVector ? written : `to_tsvector(${configuration}${written})`;
  return `${document} @@ ${TEXT_SEARCHES[operator]}(${configuration}${sql.add(value)})`;
}

function writeOperation(rows: Rows, { field, operation }: Filter, sql: SqlValues): string {
  if (operation.kind === 'search') return writeSearch(rows, field, operation, sql);
  const left = writeField(rows, field, sql);
  switch (operation.kind) {
    case 'is':
      return `${left} is ${STATES[operation.state]}`;
    case 'in': {
      // `in.()` names no value at all.
      const { values } = operation;
      return `${left} = any (${sql.add(values.length === 1 && values[0] === '' ? '{}' : arrayLiteral(values))})`;
    }
    case 'comparison':
      return `${left} ${COMPARISONS[operation.operator]} ${sql.add(operation.value)}`;
    case 'quantified': {
      const { operator, quantifier } = operation;
      const isPattern = operator === 'like' || operator === 'ilike';
      const value = sql.add(isPattern ? operation.value.replaceAll('*', '%') : operation.value);
      return `${left} ${QUANTIFIABLE[operator]} ${quantifier === null ? value : `${quantifier} (${value})`}`;
    }
  }
}

function writeFilter(rows: Rows, filter: Filter, sql: SqlValues): string {
  const written = writeOperation(rows, filter, sql);
  return filter.negated ? `not (${written})` : written;
}

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
