import { type Field, readField, readName, readWords } from './names.ts';
import { Scanner } from './scanner.ts';

export const AGGREGATES = ['count', 'sum', 'avg', 'min', 'max'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** `alias:column->path::cast.sum()::cast`; name `*` stands for every column. */
export interface SelectField {
  kind: 'field';
  field: Field;
  alias: string | null;
  cast: string | null;
  aggregate: Aggregate | null;
  aggregateCast: string | null;
}

/** `alias:relation!hint!inner(…)`, or `...relation(…)` when spread. */
export interface SelectEmbed {
  kind: 'embed';
  name: string;
  alias: string | null;
  hint: string | null;
  inner: boolean;
  spread: boolean;
  select: SelectItem[];
}

export type SelectItem = SelectField | SelectEmbed;

export const EVERYTHING: SelectItem[] = [
  {
    kind: 'field',
    field: { name: '*', path: [] },
    alias: null,
    cast: null,
    aggregate: null,
    aggregateCast: null,
  },
];

/** `name:`, unless it is the start of a cast (`name::type`). */
function readAlias(scanner: Scanner): string | null {
  return scanner.attempt(() => {
    const alias = readName(scanner);
    if (scanner.sees('::')) scanner.fail('alias');
    scanner.demand(':');
    return alias;
  });
}

/** `!inner`, `!left` and a hint, in any order, at most one of each kind. */
function readEmbedDetails(scanner: Scanner): { hint: string | null; inner: boolean } {
  let hint: string | null = null;
  let inner = false;
  for (let turn = 0; turn < 2 && scanner.take('!'); turn += 1) {
    const word = readName(scanner);
    if (word === 'inner') inner = true;
    else if (word !== 'left') hint ??= word;
  }
  return { hint, inner };
}

function readEmbedHead(scanner: Scanner): Omit<SelectEmbed, 'select'> {
  const spread = scanner.take('...');
  const alias = spread ? null : readAlias(scanner);
  const name = readName(scanner);
  // `count()` is the aggregate, whatever tables are called.
  if (!spread && name === 'count' && scanner.sees('()')) scanner.fail('field name');
  const details = readEmbedDetails(scanner);
  if (!scanner.sees('(')) scanner.fail('"("');
  return { kind: 'embed', name, alias, spread, ...details };
}

function readAggregate(scanner: Scanner): Aggregate | null {
  if (!scanner.take('.')) return null;
  const aggregate = AGGREGATES.find((name) => scanner.take(`${name}()`));
  if (!aggregate) scanner.fail('"sum()", "avg()", "count()", "max()" or "min()"');
  return aggregate;
}

const readCast = (scanner: Scanner): string | null => (scanner.take('::') ? readWords(scanner) : null);

function readSelectField(scanner: Scanner): SelectField {
  const alias = readAlias(scanner);
  const plain = { kind: 'field', alias, cast: null, aggregate: null, aggregateCast: null } as const;
  let item: SelectField;
  if (scanner.take('*')) {
    item = { ...plain, field: { name: '*', path: [] } };
  } else if (scanner.take('count()')) {
    item = {
      ...plain,
      field: { name: '*', path: [] },
      aggregate: 'count',
      aggregateCast: readCast(scanner),
    };
  } else {
    const field = readField(scanner);
    const cast = readCast(scanner);
    const aggregate = readAggregate(scanner);
    item = { ...plain, field, cast, aggregate, aggregateCast: aggregate ? readCast(scanner) : null };
  }
  scanner.skipSpaces();
  if (!scanner.atEnd && !scanner.sees(',') && !scanner.sees(')')) {
    scanner.fail('letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input');
  }
  return item;
}

function readItem(scanner: Scanner): SelectItem {
  scanner.skipSpaces();
  const embed = scanner.attempt(() => readEmbedHead(scanner));
  if (!embed) return readSelectField(scanner);
  scanner.demand('(');
  const select = readItems(scanner);
  scanner.demand(')');
  scanner.skipSpaces();
  return { ...embed, select };
}

function readItems(scanner: Scanner): SelectItem[] {
  scanner.skipSpaces();
  if (scanner.atEnd || scanner.sees(')')) return [];
  const items = [readItem(scanner)];
  while (scanner.take(',')) items.push(readItem(scanner));
  return items;
}

/** Grammar: https://docs.postgrest.org/en/v16/references/api/url_grammar.html */
export function parseSelect(text: string): SelectItem[] {
  const scanner = new Scanner(text, 'failed to parse select parameter');
  const items = readItems(scanner);
  scanner.demandEnd('"," or end of input');
  return items;
}
