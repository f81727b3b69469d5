import { type SqlValues, quoteName, quoteText } from './text.ts';

/** A column or parameter that the payload gives a value for. */
export interface PayloadColumn {
  name: string;
  type: string;
  /** SQL of the default to use for a row without this key; null for none. */
  default: string | null;
}

export interface Payload {
  /** The json as it was sent: Postgres reads it, so numbers keep every digit. */
  json: string;
  isObject: boolean;
  columns: PayloadColumn[];
  /** `Prefer: missing=default`. */
  applyDefaults: boolean;
}

function writeDefaults({ columns, isObject }: Payload): string {
  const pairs = columns
    .filter((column) => column.default !== null)
    .map((column) => `${quoteText(column.name)}, ${column.default}`);
  const defaults = `jsonb_build_object(${pairs.join(', ')})`;
  return isObject
    ? `, lateral (select ${defaults} || pgrst_payload.json_data as json_data) pgrst_defaulted`
    : `, lateral (select jsonb_agg(${defaults} || element) as json_data from jsonb_array_elements(pgrst_payload.json_data) element) pgrst_defaulted`;
}

/**
 * The payload as rows: a `from` list that ends in `pgrst_body`, with one typed column per payload column.
 * An object is one row; `onlyFirst` takes the first row of an array (a function is called once).
 */
export function writePayloadRows(payload: Payload, onlyFirst: boolean, sql: SqlValues): string {
  const { columns, isObject, applyDefaults } = payload;
  const type = applyDefaults ? 'jsonb' : 'json';
  const data = applyDefaults ? 'pgrst_defaulted.json_data' : 'pgrst_payload.json_data';
  const from = `(select ${sql.add(payload.json)}::${type} as json_data) pgrst_payload`;
  const defaulted = applyDefaults ? writeDefaults(payload) : '';
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const typed = columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ');
  let rows: string;
  if (columns.length > 0) {
    rows = `${type}_to_record${isObject ? '' : 'set'}(${data}) as _(${typed})${onlyFirst ? ' limit 1' : ''}`;
  } else {
    // Rows without any key: as many as there are elements.
    rows = isObject ? '(values (1)) _' : `${type}_array_elements(${data}) _`;
  }
  return `${from}${defaulted}, lateral (select ${names} from ${rows}) pgrst_body`;
}
