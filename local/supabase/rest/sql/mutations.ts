import { type Condition } from '../tree/nodes.ts';
import { type Relation } from '../schema/relations.ts';
import { joinedPresence, writeCondition, writeWhere } from './expressions.ts';
import { type Payload, writePayloadRows } from './payload.ts';
import { type SqlValues, quoteName, quoteQualified } from './text.ts';

interface MutationBase {
  relation: Relation;
  /** Columns to hand back; `['*']` for all, none when only the number of rows counts. */
  returning: string[];
}

export interface Insert extends MutationBase {
  kind: 'insert';
  payload: Payload;
  conflict: { action: 'merge' | 'ignore'; columns: string[] } | null;
  /** PUT: the key in the address must be the key in the payload. */
  matching: Condition[];
}

export interface Update extends MutationBase {
  kind: 'update';
  payload: Payload;
  where: Condition[];
}

export interface Delete extends MutationBase {
  kind: 'delete';
  where: Condition[];
}

export type Mutation = Insert | Update | Delete;

/**
 * Rows really inserted by an upsert are those offered less those that met a conflict. Postgres does not tell,
 * so the conditions of the statement count, in a setting that lasts as long as the transaction.
 */
const INSERTED = "nullif(current_setting('pgrst.inserted', true), '')::int";
const countInserted = (step: '+ 1' | '- 1', never: string): string =>
  `set_config('pgrst.inserted', (coalesce(${INSERTED}, 0) ${step})::text, true) <> '${never}'`;

export const INSERTED_COUNT = INSERTED;

function writeReturning({ relation, returning }: MutationBase): string {
  if (returning.length === 0) return ' returning 1';
  const table = quoteQualified(relation);
  const columns = returning.map((name) => (name === '*' ? `${table}.*` : `${table}.${quoteName(name)}`));
  return ` returning ${columns.join(', ')}`;
}

function writeConflict({ conflict, payload }: Insert): string {
  if (!conflict || conflict.columns.length === 0) return '';
  const target = ` on conflict (${conflict.columns.map(quoteName).join(', ')})`;
  if (conflict.action === 'ignore' || payload.columns.length === 0) return `${target} do nothing`;
  const sets = payload.columns.map(({ name }) => `${quoteName(name)} = excluded.${quoteName(name)}`);
  return `${target} do update set ${sets.join(', ')} where ${countInserted('- 1', '-1')}`;
}

function writeInsert(insert: Insert, sql: SqlValues): string {
  const { relation, payload, conflict, matching } = insert;
  const names = payload.columns.map(({ name }) => quoteName(name));
  const columns = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const values = names.map((name) => `pgrst_body.${name}`).join(', ');
  const from = writePayloadRows(payload, false, sql);
  const body = { relation, sqlName: 'pgrst_body' };
  const where = writeWhere([
    ...(conflict?.action === 'merge' ? [countInserted('+ 1', '0')] : []),
    ...matching.map((condition) => writeCondition(body, condition, sql, joinedPresence)),
  ]);
  return `insert into ${quoteQualified(relation)}${columns} select ${values} from ${from}${where}${writeConflict(insert)}${writeReturning(insert)}`;
}

function writeTargetWhere({ relation, where }: Update | Delete, sql: SqlValues): string {
  const rows = { relation, sqlName: quoteQualified(relation) };
  return writeWhere(where.map((condition) => writeCondition(rows, condition, sql, joinedPresence)));
}

function writeUpdate(update: Update, sql: SqlValues): string {
  const { relation, payload, returning } = update;
  const table = quoteQualified(relation);
  if (payload.columns.length === 0) {
    // Nothing to set changes nothing; the columns are still there to be selected from.
    const columns = returning.map((name) => (name === '*' ? '*' : `${table}.${quoteName(name)}`));
    return `select ${columns.join(', ') || 'null'} from ${table} where false`;
  }
  const sets = payload.columns.map(({ name }) => `${quoteName(name)} = pgrst_body.${quoteName(name)}`);
  const from = writePayloadRows(payload, false, sql);
  return `update ${table} set ${sets.join(', ')} from ${from}${writeTargetWhere(update, sql)}${writeReturning(update)}`;
}

export function writeMutation(mutation: Mutation, sql: SqlValues): string {
  switch (mutation.kind) {
    case 'insert':
      return writeInsert(mutation, sql);
    case 'update':
      return writeUpdate(mutation, sql);
    case 'delete': {
      const table = quoteQualified(mutation.relation);
      return `delete from ${table}${writeTargetWhere(mutation, sql)}${writeReturning(mutation)}`;
    }
  }
}
