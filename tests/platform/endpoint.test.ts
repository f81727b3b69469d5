import { form, json, send } from './visit.ts';
import { z } from 'zod';
import { expect, test, vi } from 'vitest';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireUser } from '#platform/guards.ts';
import { Refusal, Unavailable } from '#platform/refusals.ts';

const ana = { id: 'ana', email: 'ana@lotus.example' };
const limit = 'machine';
const echo = endpoint({
  input: z.object({ name: z.string().min(1).max(20), seats: z.coerce.number().int().min(1).optional() }),
  limit,
  status: 201,
  message: 'Done.',
  form: { done: '/thanks', refused: '/things' },
  act: ({ input }) => input,
});
const body = JSON.stringify({ name: 'Ana', role: 'owner' });

test('a program is answered in JSON, and what was not asked for is not passed on', async () => {
  const answered = await send(echo, { headers: json, body });
  expect(answered.status).toBe(201);
  expect(answered.json).toEqual({ success: true, data: { name: 'Ana' }, message: 'Done.' });
});

test('a form goes on to the next page with a message', async () => {
  const answered = await send(echo, { headers: form, body: 'name=Ana' });
  expect([answered.status, answered.headers.get('location')]).toEqual([303, '/thanks']);
  expect(answered.cookies.has('flash')).toBe(true);
});

test('fields that are wrong are named, and the sentence is ours', async () => {
  const answered = await send(echo, { headers: json, body: '{"name":"","seats":0}' });
  expect(answered.status).toBe(422);
  expect(answered.json).toMatchObject({
    code: 'invalid_input',
    details: { fields: { name: 'Please fill this in.', seats: 'At least 1.' } },
    request_id: expect.stringMatching(/^request-/),
  });
});

test('a refused form shows its page again with what was typed, but never a password', async () => {
  const answered = await send(echo, {
    headers: form,
    body: 'name=&seats=2&password=hunter2&idempotency_key=k',
  });
  expect(answered.status).toBe(422);
  expect(answered.text).toContain('The form again');
  expect(answered.shown).toMatchObject([
    {
      path: '/things',
      form: { values: { name: '', seats: '2' }, errors: { name: 'Please fill this in.' }, status: 422 },
    },
  ]);
  expect(Object.keys(answered.shown[0]?.form?.values ?? {})).not.toContain('password');
});

test('a form without a page of its own is shown on the page it came from, in any language', async () => {
  const plain = endpoint({ limit, act: () => new Refusal('session_full', 409) });
  const answered = await send(plain, {
    headers: { ...form, referer: 'http://localhost:4321/es/schedule?day=x' },
    body: '',
  });
  expect([answered.status, answered.shown[0]?.path]).toEqual([409, '/schedule']);
});

test.each([
  ['broken JSON', json, '{"name"', 400, 'malformed_body'],
  ['another content type', { 'content-type': 'text/xml' }, '<a/>', 415, 'wrong_type'],
  ['a body beyond the limit', json, JSON.stringify({ name: 'x'.repeat(70_000) }), 413, 'too_big'],
  ['a page of another site', { ...json, origin: 'https://evil.example' }, body, 403, 'wrong_origin'],
])('%s is refused', async (_what, headers, sent, status, code) => {
  const answered = await send(echo, { headers: { accept: 'application/json', ...headers }, body: sent });
  expect([answered.status, answered.json.code]).toEqual([status, code]);
});

test('a form from another site is never shown as if it were ours', async () => {
  const answered = await send(echo, {
    headers: { ...form, origin: 'https://evil.example' },
    body: 'name=Ana',
  });
  expect([answered.status, answered.shown[0]?.path]).toEqual([403, '/refused']);
});

test('the path says which thing is meant, whatever the body says', async () => {
  const one = endpoint({ input: z.object({ id: z.string() }), limit, act: ({ input }) => input });
  const answered = await send(one, { headers: json, body: '{"id":"other"}', params: { id: 'this' } });
  expect(answered.json.data).toEqual({ id: 'this' });
});

const keyed = endpoint({ limit, idempotent: true, act: ({ key }) => ({ key }) });

test.each([
  ['no key', {}, 'idempotency_key_required'],
  ['a short key', { 'idempotency-key': 'short' }, 'idempotency_key_invalid'],
  ['a long key', { 'idempotency-key': 'x'.repeat(101) }, 'idempotency_key_invalid'],
])('what may not happen twice is refused with %s', async (_what, headers, code) => {
  const answered = await send(keyed, { headers: { ...json, ...headers }, body: '{}' });
  expect([answered.status, answered.json.code]).toEqual([400, code]);
});

test('the key comes from a header or from the hidden field of a form', async () => {
  const program = await send(keyed, { headers: { ...json, 'idempotency-key': 'from-a-header' }, body: '{}' });
  expect(program.json.data.key).toBe('from-a-header');
  const field = await send(keyed, {
    headers: { 'content-type': form['content-type'], accept: 'application/json' },
    body: 'idempotency_key=from-a-field',
  });
  expect(field.json.data.key).toBe('from-a-field');
});

const personal = endpoint({ who: requireUser, limit, act: ({ who }) => ({ id: who.user_id }) });

test('somebody who has to sign in is sent there and back, a program is told', async () => {
  const person = await send(personal, {
    headers: { ...form, referer: 'http://localhost:4321/cart' },
    body: '',
  });
  expect([person.status, person.headers.get('location')]).toEqual([303, '/signin?next=%2Fcart']);
  const program = await send(personal, { headers: json, body: '{}' });
  expect([program.status, program.json.code]).toEqual([401, 'sign_in_first']);
});

test('a person who asks too often waits, another one behind the same address does not', async () => {
  const often = endpoint({ limit: 'auth', act: () => ({ ok: true }) });
  const address = '203.0.113.7';
  const statuses: number[] = [];
  for (let i = 0; i < 11; i++)
    statuses.push((await send(often, { headers: json, body: '{}', user: ana, address })).status);
  expect(statuses).toEqual([...Array<number>(10).fill(200), 429]);
  const other = await send(often, { headers: json, body: '{}', user: { ...ana, id: 'bea' }, address });
  expect(other.status).toBe(200);
});

test('too many tries from one address wait, and are told how long', async () => {
  const often = endpoint({ limit: 'auth', act: () => ({ ok: true }) });
  let last = await send(often, { headers: json, body: '{}', address: '203.0.113.8' });
  for (let i = 0; i < 20; i++)
    last = await send(often, { headers: json, body: '{}', address: '203.0.113.8' });
  expect([last.status, last.json.code]).toEqual([429, 'too_many_requests']);
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('guessing one account from many addresses is limited by the account', async () => {
  const guess = endpoint({
    input: z.object({ email: z.string() }),
    limit: 'auth',
    account: ({ email }) => email,
    act: () => ({ ok: true }),
  });
  let status = 0;
  for (let i = 0; i < 11; i++)
    status = (await send(guess, { headers: json, body: '{"email":"Ana@x.example"}' })).status;
  expect(status).toBe(429);
});

/** What is written to the log while `act` runs. */
async function logged(act: () => Promise<void>): Promise<string> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await act();
  spy.mockRestore();
  return written.join('');
}

test('a bug is answered without what it said, and logged with the id of the request', async () => {
  let requestId = '';
  const broken = endpoint({
    limit,
    act: () => {
      throw new Error('relation "secret_table" does not exist');
    },
  });
  const log = await logged(async () => {
    const answered = await send(broken, { headers: json, body: '{}' });
    expect([answered.status, answered.json.code]).toEqual([500, 'unexpected']);
    expect(answered.text).not.toContain('secret_table');
    requestId = answered.json.request_id;
  });
  expect(JSON.parse(log)).toMatchObject({
    level: 'error',
    request_id: requestId,
    error: expect.stringContaining('secret_table'),
  });
});

test('when the database is away, trying again later is what is said', async () => {
  const away = endpoint({
    limit,
    act: () => {
      throw new Unavailable('fetch failed', 7);
    },
  });
  await logged(async () => {
    const answered = await send(away, { headers: json, body: '{}' });
    const { status, headers } = answered;
    expect([status, answered.json.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '7']);
  });
});

test('a fact of a refusal can name the field it is about', async () => {
  const taken = endpoint({ limit, act: () => new Refusal('email_invalid', 422, { field: 'email' }) });
  const answered = await send(taken, { headers: json, body: '{}' });
  expect(answered.json.details.fields).toEqual({ email: 'This does not look like an e-mail address.' });
});

test('a list says how it goes on', async () => {
  const list = endpoint({ limit, act: () => new Page([1, 2], 'more') });
  const answered = await send(list, { method: 'GET' });
  expect(answered.json).toEqual({ success: true, data: [1, 2], page: { next: 'more', total: null } });
});

test('nothing to say is 204', async () => {
  const nothing = endpoint({ limit, act: () => null });
  expect((await send(nothing, { headers: json, body: '{}' })).status).toBe(204);
});

test('who has the newest answer already is not sent it again', async () => {
  const read = endpoint({ limit, cache: 'public, max-age=10', act: () => ({ seats: 3 }) });
  const first = await send(read, { method: 'GET' });
  const etag = first.headers.get('etag') ?? '';
  expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'public, max-age=10']);
  const again = await send(read, { method: 'GET', headers: { 'if-none-match': etag } });
  expect([again.status, again.text]).toEqual([304, '']);
});

test('a webhook is given its body as it came, from anywhere', async () => {
  const hook = endpoint({ limit, body: 'raw', act: ({ body: text }) => ({ text }) });
  const answered = await send(hook, {
    headers: { 'content-type': 'text/plain', origin: 'https://stripe.example', accept: 'application/json' },
    body: '{"id":"evt_1" }',
  });
  expect(answered.json.data.text).toBe('{"id":"evt_1" }');
});

test('a query is checked like a body', async () => {
  const read = endpoint({
    input: z.object({ limit: z.coerce.number().max(200) }),
    limit,
    act: ({ input }) => input,
  });
  expect((await send(read, { method: 'GET', path: '/api/things?limit=20' })).json.data).toEqual({
    limit: 20,
  });
  expect((await send(read, { method: 'GET', path: '/api/things?limit=201' })).status).toBe(422);
});
