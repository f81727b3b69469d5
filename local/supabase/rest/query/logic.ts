import { type Filter, readListElement, readOperation } from './filters.ts';
import { readField, readName } from './names.ts';
import { Scanner } from './scanner.ts';

/** `and(…)`, `or(…)` with anything inside, down to single filters. */
export type Logic =
  | { kind: 'filter'; filter: Filter }
  | { kind: 'group'; negated: boolean; operator: 'and' | 'or'; members: Logic[] };

/** `{a,b}`: commas inside an array do not end a value. */
function readArray(scanner: Scanner): string {
  scanner.demand('{');
  const inside = scanner.takeWhile((character) => character !== '{' && character !== '}');
  scanner.demand('}');
  return `{${inside}}`;
}

function readValue(scanner: Scanner): string {
  const array = scanner.sees('{') ? scanner.attempt(() => readArray(scanner)) : null;
  return array ?? readListElement(scanner);
}

function readFilter(scanner: Scanner): Logic {
  const field = readField(scanner);
  scanner.demand('.');
  const operation = readOperation(scanner, readValue);
  return { kind: 'filter', filter: { field, ...operation } };
}

function readGroup(scanner: Scanner): Logic {
  const negated = scanner.take('not.');
  const operator = (['and', 'or'] as const).find((name) => scanner.take(name));
  if (!operator)
    scanner.fail(`${negated ? '' : 'field name, negation operator (not) or '}logic operator (and, or)`);
  scanner.skipSpaces();
  scanner.demand('(');
  const members = [readMember(scanner)];
  while (scanner.take(',')) members.push(readMember(scanner));
  scanner.demand(')');
  scanner.skipSpaces();
  return { kind: 'group', negated, operator, members };
}

/** Is a group next (`and(`, `not.or(`)? A column may be called `order` or `android`. */
function seesGroup(scanner: Scanner): boolean {
  return ['and', 'or', 'not.and', 'not.or'].some((word) => {
    if (!scanner.sees(word)) return false;
    return scanner.text
      .slice(scanner.at + word.length)
      .trimStart()
      .startsWith('(');
  });
}

function readMember(scanner: Scanner): Logic {
  scanner.skipSpaces();
  const member = seesGroup(scanner) ? readGroup(scanner) : readFilter(scanner);
  scanner.skipSpaces();
  return member;
}

/** `key` is e.g. `or`, `not.and`, `clients.not.or`; `value` its bracket. */
export function parseLogic(key: string, value: string): { embeds: string[]; logic: Logic } {
  const path = new Scanner(key, 'failed to parse logic path');
  const names = [readName(path)];
  while (path.take('.')) names.push(readName(path));
  path.demandEnd('delimiter (.) or end of input');
  const operator = names.pop() ?? '';
  const negated = names.includes('not');
  const scanner = new Scanner(`${negated ? 'not.' : ''}${operator}${value}`, 'failed to parse logic tree');
  const logic = readGroup(scanner);
  scanner.demandEnd();
  return { embeds: names.filter((name) => name !== 'not'), logic };
}
