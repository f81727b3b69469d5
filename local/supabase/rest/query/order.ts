import { type Field, readField, readName } from './names.ts';
import { Scanner } from './scanner.ts';

export interface OrderTerm {
  /** Name of an embed, when the rows are ordered by a column of a related row: `clients(name)`. */
  embed: string | null;
  field: Field;
  direction: 'asc' | 'desc' | null;
  nulls: 'first' | 'last' | null;
}

function readRelated(scanner: Scanner): Pick<OrderTerm, 'embed' | 'field'> {
  scanner.skipSpaces();
  const embed = readName(scanner);
  scanner.demand('(');
  const field = readField(scanner);
  scanner.demand(')');
  return { embed, field };
}

function readTerm(scanner: Scanner): OrderTerm {
  const { embed, field } = scanner.attempt(() => readRelated(scanner)) ?? {
    embed: null,
    field: readField(scanner),
  };
  const direction = (['asc', 'desc'] as const).find((word) => scanner.take(`.${word}`)) ?? null;
  const nulls = (['first', 'last'] as const).find((word) => scanner.take(`.nulls${word}`)) ?? null;
  scanner.skipSpaces();
  if (!scanner.atEnd && !scanner.sees(',')) {
    if (scanner.take('.')) {
      scanner.fail(`${direction ? '' : '"asc", "desc", '}"nullsfirst" or "nullslast"`);
    }
    scanner.fail('delimiter (.), "," or end of input');
  }
  return { embed, field, direction, nulls };
}

export function parseOrder(text: string): OrderTerm[] {
  const scanner = new Scanner(text, 'failed to parse order');
  const terms = [readTerm(scanner)];
  while (scanner.take(',')) terms.push(readTerm(scanner));
  return terms;
}
