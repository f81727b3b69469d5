/**
 * One line of JSON per event, on standard output (errors and warnings on standard error). Never a token, a
 * password, a card or an e-mail address: callers pass ids and names of things, and `clean` takes out what slips in.
 */
import { format } from 'node:util';

export type Fields = Record<string, unknown>;
type Level = 'info' | 'warn' | 'error';

const secretName = /pass|secret|token|cookie|authorization|e?mail|card|api_?key/i;
const secrets: [RegExp, string][] = [
  [/\b(sb_secret|sk_live|sk_test|rk_live|whsec)_[\w-]+/g, '$1_…'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'jwt…'],
  [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, '…@…'],
  [/\/\/([^:/@\s]+):[^@\s]+@/g, '//$1:…@'],
];

/** Text with anything that looks like a key, a token, an e-mail address or a password in a URL taken out. */
export const clean = (text: string): string =>
  secrets.reduce((cleaned, [pattern, replacement]) => cleaned.replace(pattern, replacement), text);

const inShort = (value: unknown): string => {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)).slice(0, 500);
};

/** An error as fields: name, message and the top of its stack, cleaned. */
export function described(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: clean(inShort(error)) };
  const cause = error.cause === undefined ? {} : { cause: clean(inShort(error.cause)) };
  return {
    error: clean(`${error.name}: ${error.message}`),
    ...cause,
    stack: clean(
      (error.stack ?? '')
        .split('\n')
        .slice(1, 9)
        .map((line) => line.trim())
        .join(' | '),
    ),
  };
}

/** The line that is written, without its end. */
export function line(level: Level, event: string, fields: Fields, at: Date): string {
  const safe = Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        if (secretName.test(name)) return [name, '…'];
        return [name, typeof value === 'string' ? clean(value) : value];
      }),
  );
  return JSON.stringify({ at: at.toISOString(), level, event, ...safe });
}

const write = (level: Level, event: string, fields: Fields): void => {
  const target = level === 'info' ? process.stdout : process.stderr;
  target.write(`${line(level, event, fields, new Date())}\n`);
};

export const log = {
  info: (event: string, fields: Fields = {}) => write('info', event, fields),
  warn: (event: string, fields: Fields = {}) => write('warn', event, fields),
  error: (event: string, error: unknown, fields: Fields = {}) =>
    write('error', event, { ...fields, ...described(error) }),
};

/** What libraries write to the console becomes lines of ours, cleaned like them. For servers, not for a terminal somebody reads. */
export function adoptConsole(): void {
  const as =
    (level: Level) =>
    (...said: unknown[]): void =>
      write(level, 'console', { said: format(...said).replace(/\s*\n\s*/g, ' | ') });
  Object.assign(console, { error: as('error'), warn: as('warn'), info: as('info'), log: as('info') });
}
