import { type RootNode } from '../tree/nodes.ts';
import { writeCountedRows, writeRows } from './read.ts';
import { type SqlValues, type Statement, quoteText } from './text.ts';

/** How the rows become the answer's body. `none`: no body, the rows are only counted. */
export type BodyShape =
  { kind: 'none' } | { kind: 'csv' } | { kind: 'array' | 'first'; stripNulls: boolean; scalar: boolean };

export interface StatementParts {
  root: RootNode;
  /** What the root selects from when it is no relation: the mutation or call, as SQL. */
  source: string | null;
  /** A mutation whose rows nobody wants to see: what it returns is counted as it is. */
  onlyCounts: boolean;
  body: BodyShape;
  /** Count all rows, whatever the page; null when the page is everything. */
  counts: boolean;
  /** Stop counting here: beyond it an estimate will do. */
  countLimit: number | null;
  expandStar: boolean;
  /** Key columns of the one row inserted, for the Location header. */
  locationColumns: string[];
  /** SQL that says how many rows were inserted rather than merged. */
  inserted: string | null;
}

/** Columns of the one row that a statement answers with, in order; all as text or null. */
export const RESULT_COLUMNS = ['total', 'rows', 'body', 'headers', 'status', 'location', 'inserted'] as const;
export type Result = Record<(typeof RESULT_COLUMNS)[number], string | null>;

export const SOURCE = 'pgrst_source';

function writeBody(body: BodyShape): string {
  if (body.kind === 'none') return "''";
  if (body.kind === 'csv') {
    const header =
      "(select coalesce(string_agg(k, ','), '') from json_object_keys((select row_to_json(r) from pgrst_rows r limit 1)) k)";
    const lines =
      "coalesce(string_agg(substring(_postgrest_t::text, 2, length(_postgrest_t::text) - 2), E'\\n'), '')";
    return `${header} || E'\\n' || ${lines}`;
  }
  const rows = `json_agg(_postgrest_t${body.scalar ? '.pgrst_scalar' : ''})`;
  const shaped = body.kind === 'first' ? `${rows}->0` : rows;
  const empty = body.kind === 'first' ? 'null' : '[]';
  return `coalesce(${body.stripNulls ? `json_strip_nulls(${shaped})` : shaped}, '${empty}')`;
}

/** `["id=eq.42"]`, from the only row; null when there are more. */
function writeLocation(columns: string[]): string {
  if (columns.length === 0) return 'null';
  const row = `(select row_to_json(r) from ${SOURCE} r limit 1)`;
  const names = columns.map(quoteText).join(', ');
  return `case when count(*) = 1 then (
    select json_agg(key || '=' || coalesce('eq.' || value, 'is.null'))
    from json_each_text(${row}) where key in (${names})) end`;
}

const setting = (name: string): string => `nullif(current_setting('${name}', true), '')`;

function writeCount({ root, countLimit }: StatementParts, sql: SqlValues): string {
  const rows = writeCountedRows(root, sql);
  return countLimit === null ? rows : `${rows} limit ${sql.add(String(countLimit))}`;
}

/**
 * The whole request as one statement: source, rows, count, and one row of results. The settings are read
 * after the rows are gathered, hence after a function has set them.
 */
export function writeStatement(parts: StatementParts, sql: SqlValues): Statement {
  const { root, source, body, counts } = parts;
  const parents = source === null ? '' : `${SOURCE} as (${source}), `;
  const rows = parts.onlyCounts ? `select * from ${SOURCE}` : writeRows(root, parts.expandStar, sql);
  const hasPage = root.limit !== null || root.offset !== 0;
  const counted = counts && hasPage ? `, pgrst_count as (${writeCount(parts, sql)})` : '';
  const total = !counts ? 'null' : hasPage ? '(select count(*) from pgrst_count)' : 'count(*)';
  const text =
    `with ${parents}pgrst_rows as (${rows})${counted} ` +
    `select ${total}, count(*), ${writeBody(body)}, ${setting('response.headers')}, ${setting('response.status')}, ` +
    `${writeLocation(parts.locationColumns)}, ${parts.inserted ?? 'null'} from pgrst_rows _postgrest_t`;
  return { text, values: sql.values };
}

/** Lets Postgres estimate how many rows there are. The answer is a plan in json, one value. */
export function writeCountEstimate(root: RootNode, sql: SqlValues): Statement {
  return { text: `explain (format json) ${writeCountedRows(root, sql)}`, values: sql.values };
}
