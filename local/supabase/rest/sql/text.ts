/**
 * A statement being written: its text, and its values in the order of `$1, $2, …`.
 * Whatever came from the request is either quoted by `quoteName` or a value; nothing else reaches the text.
 */
export class SqlValues {
  readonly values: (string | null)[] = [];

  /** Takes a value, returns its placeholder. Postgres infers the type from where it stands, as for a literal. */
  add(value: string | null): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

export interface Statement {
  text: string;
  values: readonly (string | null)[];
}

export interface QualifiedName {
  schema: string;
  name: string;
}

/** PostgREST cuts a name at a null character; so does a C string in Postgres. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('\0', '').replaceAll('"', '""')}"`;
}

export function quoteQualified({ schema, name }: QualifiedName): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

/** For names out of the catalogue that must appear as text; `standard_conforming_strings` is always on. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `{"a","b"}`: lets Postgres infer the element type too. */
export function arrayLiteral(elements: readonly string[]): string {
  const quoted = elements.map((element) => `"${element.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
  return `{${quoted.join(',')}}`;
}
