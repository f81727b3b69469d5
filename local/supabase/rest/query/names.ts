import type { Scanner } from './scanner.ts';

/** One step into a json value: `->key`, `->>key`, `->0`. */
export interface JsonStep {
  arrow: '->' | '->>';
  key: string;
  isIndex: boolean;
}

/** A column, or something inside a json column. */
export interface Field {
  name: string;
  path: readonly JsonStep[];
}

const OTHER_NAME_CHARACTER = /[\p{L}\p{N}_ $]/u;
const JSON_KEY_STOPS = '(-:.,>)';

const isNameCharacter = (character: string): boolean =>
  (character >= 'a' && character <= 'z') || OTHER_NAME_CHARACTER.test(character);
const isJsonKeyCharacter = (character: string): boolean => !JSON_KEY_STOPS.includes(character);
const isDigit = (character: string): boolean => character >= '0' && character <= '9';

/** `"anything, with \" and \\ escaped"`; the opening quote comes next. */
export function readQuoted(scanner: Scanner): string {
  scanner.demand('"');
  let value = '';
  for (;;) {
    if (scanner.atEnd) scanner.fail('"\\"" or "\\\\"');
    if (scanner.take('"')) return value;
    if (scanner.take('\\') && scanner.atEnd) scanner.fail('any character');
    value += scanner.peek();
    scanner.at += 1;
  }
}

/** Parts joined by dashes that do not begin an arrow: `first-name`, but not `data->x`. */
function readDashed(scanner: Scanner, passes: (character: string) => boolean, expecting: string): string {
  const parts: string[] = [];
  do {
    const part = scanner.takeWhile(passes);
    if (part === '') scanner.fail(expecting);
    parts.push(part.trim());
  } while (scanner.peek() === '-' && scanner.peek(1) !== '>' && scanner.take('-'));
  return parts.join('-');
}

export function readName(scanner: Scanner): string {
  if (scanner.sees('"')) return readQuoted(scanner);
  return readDashed(scanner, isNameCharacter, 'field name (* or [a..z0..9_$])');
}

/** A type's name in a cast, or a text search configuration: one or more words, never quoted. */
export function readWords(scanner: Scanner): string {
  const words = scanner.takeWhile(isNameCharacter).trim();
  if (words === '') scanner.fail('letter or digit');
  return words;
}

function readJsonIndex(scanner: Scanner): string {
  const sign = scanner.take('-') ? '-' : '';
  const digits = scanner.takeWhile(isDigit);
  if (digits === '') scanner.fail('digit');
  const ends = scanner.atEnd || ['->', '::', '.', ',', ')'].some((next) => scanner.sees(next));
  if (!ends) scanner.fail('digit, "->", "::", ".", "," or end of input');
  return sign + digits;
}

export function readJsonPath(scanner: Scanner): JsonStep[] {
  const steps: JsonStep[] = [];
  while (scanner.sees('->')) {
    const arrow = scanner.take('->>') ? '->>' : '->';
    if (arrow === '->') scanner.demand('->');
    const index = scanner.attempt(() => readJsonIndex(scanner));
    if (index !== null) {
      steps.push({ arrow, key: index, isIndex: true });
      continue;
    }
    const key = scanner.sees('"')
      ? readQuoted(scanner)
      : readDashed(scanner, isJsonKeyCharacter, 'any non reserved character different from: .,>()');
    steps.push({ arrow, key, isIndex: false });
  }
  return steps;
}

export function readField(scanner: Scanner): Field {
  scanner.skipSpaces();
  const name = readName(scanner);
  const path = readJsonPath(scanner);
  scanner.skipSpaces();
  return { name, path };
}

/** `clients.projects.name->x`: the embeds it lies in, and the field. */
export function readPathToField(scanner: Scanner): { embeds: string[]; field: Field } {
  const names = [readName(scanner)];
  while (scanner.take('.')) names.push(readName(scanner));
  const path = readJsonPath(scanner);
  const name = names.pop() ?? '';
  return { embeds: names, field: { name, path } };
}
