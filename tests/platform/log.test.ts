import { expect, test } from 'vitest';
import { clean, described, line } from '#platform/log.ts';

test.each([
  ['an e-mail address', 'no account for ana@lotus.example here', 'no account for …@… here'],
  ['a secret key', 'key sb_secret_abc-123 refused', 'key sb_secret_… refused'],
  ['a session token', 'Bearer eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl', 'Bearer jwt…'],
  ['a password in an address', 'postgres://postgres:hunter2@db/x', 'postgres://postgres:…@db/x'],
])('%s never reaches the log', (_what, text, written) => expect(clean(text)).toBe(written));

test('a line is one JSON object, and fields that are secrets by their name lose their value', () => {
  const written = line(
    'info',
    'request',
    { route: '/signin', password: 'hunter2', status: 200, user: undefined },
    new Date(0),
  );
  expect(JSON.parse(written)).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    level: 'info',
    event: 'request',
    route: '/signin',
    password: '…',
    status: 200,
  });
  expect(written).not.toContain('\n');
});

test('an error is written with its cause and the top of its stack, without what it quoted', () => {
  const error = new Error('mail to ana@lotus.example failed', { cause: 'refused' });
  expect(described(error)).toMatchObject({ error: 'Error: mail to …@… failed', cause: 'refused' });
  expect(described('sb_secret_1')).toEqual({ error: 'sb_secret_…' });
});
