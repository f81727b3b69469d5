import { type Field, readQuoted, readWords } from './names.ts';
import { Scanner } from './scanner.ts';

/** Operators that may be followed by `(any)` or `(all)` and then take an array `{…}`. */
export const QUANTIFIABLE = {
  eq: '=',
  gte: '>=',
  gt: '>',
  lte: '<=',
  lt: '<',
  like: 'like',
  ilike: 'ilike',
  match: '~',
  imatch: '~*',
} as const;

export const COMPARISONS = {
  neq: '<>',
  cs: '@>',
  cd: '<@',
  ov: '&&',
  sl: '<<',
  sr: '>>',
  nxr: '&<',
  nxl: '&>',
  adj: '-|-',
  isdistinct: 'is distinct from',
} as const;

export const TEXT_SEARCHES = {
  fts: 'to_tsquery',
  plfts: 'plainto_tsquery',
  phfts: 'phraseto_tsquery',
  wfts: 'websearch_to_tsquery',
} as const;

export const STATES = {
  null: 'null',
  not_null: 'not null',
  true: 'true',
  false: 'false',
  unknown: 'unknown',
} as const;

export type Operation =
  | {
      kind: 'quantified';
      operator: keyof typeof QUANTIFIABLE;
      quantifier: 'any' | 'all' | null;
      value: string;
    }
  | { kind: 'comparison'; operator: keyof typeof COMPARISONS; value: string }
  | { kind: 'search'; operator: keyof typeof TEXT_SEARCHES; language: string | null; value: string }
  | { kind: 'in'; values: string[] }
  | { kind: 'is'; state: keyof typeof STATES };

export interface Filter {
  field: Field;
  negated: boolean;
  operation: Operation;
}

const EXPECTING_OPERATOR = 'operator (eq, gt, ...)';

const has = <T extends object>(names: T, name: string): name is Extract<keyof T, string> =>
  Object.hasOwn(names, name);

const isPlain = (character: string): boolean => character !== ',' && character !== ')';

/** `"quoted"`, when a comma or bracket follows it, else everything up to one. */
export function readListElement(scanner: Scanner): string {
  const quoted = scanner.sees('"')
    ? scanner.attempt(() => {
        const value = readQuoted(scanner);
        if (!scanner.atEnd && isPlain(scanner.peek())) scanner.fail('"," or ")"');
        return value;
      })
    : null;
  return quoted ?? scanner.takeWhile(isPlain);
}

function readList(scanner: Scanner): string[] {
  scanner.skipSpaces();
  scanner.demand('(');
  scanner.skipSpaces();
  const values = [readListElement(scanner)];
  while (scanner.take(',')) values.push(readListElement(scanner));
  scanner.demand(')');
  scanner.skipSpaces();
  return values;
}

function readState(scanner: Scanner): keyof typeof STATES {
  const word = scanner.takeWhile(isPlain);
  const state = word.toLowerCase();
  if (has(STATES, state)) return state;
  scanner.at -= word.length;
  return scanner.fail('isVal: (null, not_null, true, false, unknown)');
}

/** What stands in brackets after an operator: a quantifier or a text search language. */
function readBracketed(scanner: Scanner): string | null {
  if (!scanner.take('(')) return null;
  const words = readWords(scanner);
  scanner.demand(')');
  return words;
}

/** `operator.value`, `not.operator.value`, with `readValue` for what ends a value here. */
export function readOperation(
  scanner: Scanner,
  readValue: (scanner: Scanner) => string,
): Pick<Filter, 'negated' | 'operation'> {
  const negated = scanner.take('not.');
  const start = scanner.at;
  const operator = scanner.takeWhile((character) => character >= 'a' && character <= 'z');
  const refuse = (at = start): never => {
    scanner.at = at;
    return scanner.fail(negated ? EXPECTING_OPERATOR : `"not" or ${EXPECTING_OPERATOR}`);
  };
  const afterName = scanner.at;
  const bracketed = readBracketed(scanner);
  if (!scanner.take('.'))
    refuse(has(QUANTIFIABLE, operator) || has(COMPARISONS, operator) ? scanner.at : start);

  if (has(QUANTIFIABLE, operator)) {
    if (bracketed !== null && bracketed !== 'any' && bracketed !== 'all') refuse(afterName);
    const quantifier = bracketed as 'any' | 'all' | null;
    return { negated, operation: { kind: 'quantified', operator, quantifier, value: readValue(scanner) } };
  }
  if (has(TEXT_SEARCHES, operator)) {
    const value = readValue(scanner);
    return { negated, operation: { kind: 'search', operator, language: bracketed, value } };
  }
  if (bracketed !== null) refuse(afterName);
  if (operator === 'in') return { negated, operation: { kind: 'in', values: readList(scanner) } };
  if (operator === 'is') return { negated, operation: { kind: 'is', state: readState(scanner) } };
  if (has(COMPARISONS, operator)) {
    return { negated, operation: { kind: 'comparison', operator, value: readValue(scanner) } };
  }
  return refuse();
}

function readWhole(scanner: Scanner): Pick<Filter, 'negated' | 'operation'> {
  const operation = readOperation(scanner, (rest) => rest.takeRest());
  scanner.demandEnd();
  return operation;
}

export function parseOperation(text: string): Pick<Filter, 'negated' | 'operation'> {
  return readWhole(new Scanner(text, 'failed to parse filter'));
}

/** As above, but null for a text that is no filter. */
export function tryParseOperation(text: string): Pick<Filter, 'negated' | 'operation'> | null {
  const scanner = new Scanner(text, '');
  return scanner.attempt(() => readWhole(scanner));
}
