import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { Refusal, Unavailable, answer, readAnswer, refusalFrom, sentence } from '#platform/refusals.ts';

const en = messages('en');
const failed = (code: string, message: string, details: string | null = null) => ({
  code,
  message,
  details,
  hint: null,
});

test('a no from the database keeps its status, its name and its facts', () => {
  const refusal = refusalFrom(failed('PT409', 'session_full', '{"session_id":"s"}'));
  expect(refusal).toMatchObject({ name: 'session_full', status: 409, details: { session_id: 's' } });
  expect(sentence(refusal, en)).toBe('This class filled up a moment ago.');
});

test('a no without a sentence is still a no, and keeps its name for programs', () => {
  expect(refusalFrom(failed('PT409', 'nobody_wrote_this', 'not json'))).toMatchObject({
    name: 'refused',
    status: 409,
    details: { name: 'nobody_wrote_this' },
  });
});

test('a name that every object has is not a sentence', () => {
  expect(refusalFrom(failed('PT409', 'constructor')).name).toBe('refused');
  expect(refusalFrom(failed('PT409', 'fields')).name).toBe('refused');
});

test.each([
  ['PGRST301', 401],
  ['PGRST303', 401],
  ['42501', 403],
  ['22P02', 422],
])('%s from the database is %i', (code, status) => {
  expect(refusalFrom(failed(code, 'x')).status).toBe(status);
});

test.each(['', 'PGRST000', '57014', '53300', '08006', '40001'])(
  'when the database cannot be reached or is too busy ("%s"), trying again is what helps',
  (code) => expect(() => refusalFrom(failed(code, 'TypeError: fetch failed'))).toThrow(Unavailable),
);

test('anything else is a bug and is thrown', () => {
  expect(() => refusalFrom(failed('23505', 'duplicate key'))).toThrow('23505');
  expect(() => refusalFrom(failed('PT200', 'fine?'))).toThrow();
});

test('an answer is the data, or the refusal as a value', () => {
  expect(answer({ data: 5, error: null })).toBe(5);
  expect(answer({ data: null, error: failed('PT404', 'order_not_found') })).toBeInstanceOf(Refusal);
  expect(() => readAnswer({ data: null, error: failed('PT404', 'order_not_found') })).toThrow(
    'order_not_found',
  );
});

test('a sentence may use the facts', () => {
  expect(sentence(new Refusal('too_many_attempts', 429, { seconds: 240 }), en)).toContain('4 minutes');
  expect(sentence(new Refusal('too_many_attempts', 429, { seconds: 240 }), messages('es-AR'))).toContain(
    '4 min',
  );
});

test('every no that the database can say has a sentence', () => {
  const folder = new URL('../../supabase/migrations/', import.meta.url);
  const sql = readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  const names = new Set([...sql.matchAll(/refuse\(\d+, '([a-z_]+[a-z])'/g)].map((match) => match[1] ?? ''));
  expect(names.size).toBeGreaterThan(20);
  expect([...names].filter((name) => !Object.hasOwn(en.refusals, name))).toEqual([]);
});
