import { expect, test, vi } from 'vitest';
import { adoptConsole, clean, described, line, log } from '#platform/log.ts';

test.each([
  ['an e-mail address', 'no account for ana@lotus.example here', 'no account for …@… here'],
  ['a secret key', 'key sb_secret_abc-123 refused', 'key sb_secret_… refused'],
  ['a session token', 'Bearer eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl', 'Bearer jwt…'],
  ['a password in an address', 'postgres://postgres:hunter2@db/x', 'postgres://postgres:…@db/x'],
  ['an address in another script', 'para josé@señor.example.', 'para …@….'],
])('%s never reaches the log', (_what, text, written) => expect(clean(text)).toBe(written));

test('the path of a library is not an e-mail address', () => {
  const path = 'file:///srv/node_modules/@supabase/auth-js/dist/main/GoTrueClient.js:10:1';
  expect(clean(path)).toBe(path);
});

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

test('what a library writes to the console is one line of ours, without what it should not say', () => {
  const { error, warn, info, log: plain } = console;
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  adoptConsole();
  console.error('refresh failed for %s\n  at somewhere', 'ana@lotus.example');
  Object.assign(console, { error, warn, info, log: plain });
  log.error('gone_wrong', new Error('oh'), { request_id: 'r1' });
  spy.mockRestore();
  expect(JSON.parse(written[0] ?? '')).toMatchObject({
    event: 'console',
    said: 'refresh failed for …@… | at somewhere',
  });
  expect(JSON.parse(written[1] ?? '')).toMatchObject({
    level: 'error',
    event: 'gone_wrong',
    request_id: 'r1',
    error: 'Error: oh',
  });
});
