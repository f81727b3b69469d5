import '../platform/settings.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { addressProblem, isPublicAddress, post } from '#till/outside/posting.ts';
import { signatureHeaders, signatureProblem } from '#till/outside/signature.ts';

// As the reference libraries test themselves: standard-webhooks/libraries/javascript/src/webhook.test.ts.
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: new Date(1614265330 * 1000),
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const wrong = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';
const sent = (more: Record<string, string> = {}) =>
  new Headers({
    'webhook-id': vector.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': vector.signature,
    ...more,
  });
const problem = (headers: Headers, { body = vector.body, secrets = [vector.secret], late = 0 } = {}) =>
  signatureProblem(headers, body, secrets, new Date(vector.at.getTime() + late * 1000));

test('a message is signed as the specification’s own example is', () => {
  expect(signatureHeaders([vector.secret], vector.id, vector.at, vector.body)).toEqual({
    'webhook-id': vector.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': vector.signature,
  });
  const bare = vector.secret.replace('whsec_', '');
  expect(signatureHeaders([bare], vector.id, vector.at, vector.body)['webhook-signature']).toBe(
    vector.signature,
  );
});

test('while a secret is replaced both sign, and either of them is enough', () => {
  const headers = new Headers(signatureHeaders([other, vector.secret], vector.id, vector.at, vector.body));
  expect(headers.get('webhook-signature')?.split(' ')).toHaveLength(2);
  expect(headers.get('webhook-signature')).toContain(vector.signature);
  expect(problem(headers)).toBeNull();
  expect(problem(headers, { secrets: [other] })).toBeNull();
  expect(problem(sent(), { secrets: [other, vector.secret] })).toBeNull();
});

test('one good signature among others is enough, and only of a version we know', () => {
  const many = [wrong, vector.signature.replace('v1,', 'v2,'), vector.signature, wrong].join(' ');
  expect(problem(sent({ 'webhook-signature': many }))).toBeNull();
  const unknown = [wrong, vector.signature.replace('v1,', 'v2,')].join(' ');
  expect(problem(sent({ 'webhook-signature': unknown }))).toBe('webhook_signature_wrong');
});

test.each([
  ['its body', sent(), { body: '{"test": 2432232315}' }],
  ['its id', sent({ 'webhook-id': 'msg_another' }), {}],
  ['its time', sent({ 'webhook-timestamp': '1614265331' }), {}],
  ['its secret', sent(), { secrets: [other] }],
  ['all its secrets', sent(), { secrets: [] }],
  ['half a signature', sent({ 'webhook-signature': vector.signature.slice(0, 20) }), {}],
  ['an empty signature', sent({ 'webhook-signature': 'v1,' }), {}],
])('a message with another %s is not let in', (_what, headers, options) => {
  expect(problem(headers, options)).toBe('webhook_signature_wrong');
});

test.each([
  ['no id', { 'webhook-id': '' }],
  ['no time', { 'webhook-timestamp': '' }],
  ['a time that is none', { 'webhook-timestamp': '1614265330.5' }],
  ['no signature', { 'webhook-signature': '' }],
])('a message with %s is unsigned', (_what, headers) => {
  expect(problem(sent(headers as Record<string, string>))).toBe('webhook_unsigned');
});

test('five minutes each way, and not a second more', () => {
  expect([300, -300].map((late) => problem(sent(), { late }))).toEqual([null, null]);
  expect([301, 3600].map((late) => problem(sent(), { late }))).toEqual([
    'webhook_too_old',
    'webhook_too_old',
  ]);
  expect(problem(sent(), { late: -301 })).toBe('webhook_too_new');
  // Only who could sign it is told that it is old.
  expect(problem(sent(), { late: 3600, secrets: [other] })).toBe('webhook_signature_wrong');
});

test.each(
  '127.0.0.1 10.1.2.3 172.31.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 ::1 :: fe80::1 fd00::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::'.split(
    ' ',
  ),
)('%s is nobody’s address outside', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
test.each(['93.184.216.34', '172.32.0.1', '2606:4700::1111', '::ffff:93.184.216.34'])(
  '%s can be told of things',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  ['http://till.example/', 'address_not_https'],
  ['https://127.0.0.1/', 'address_private'],
  ['https://[::1]/', 'address_private'],
  ['https://0x7f.1/', 'address_private'],
  ['https://localhost/', 'address_private'],
  ['https://printer.local/', 'address_private'],
  ['https://till.example/', null],
])('%s: %s', (address, expected) => {
  expect(addressProblem(new URL(address), false)).toBe(expected);
  expect(addressProblem(new URL(address), true)).toBeNull();
});

async function listening(answer: (path: string) => [number, Record<string, string>?]) {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.writeHead(...answer(request.url ?? '')).end('x'.repeat(100));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { heard, port, at: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

test('a message inside the house is posted only where that is allowed, and no redirect is followed', async () => {
  const { at, port, heard, stop } = await listening((path) =>
    path === '/moved' ? [302, { location: '/elsewhere' }] : [204],
  );
  expect(await post(`${at}/`, {}, '{}', true)).toMatchObject({ status: 204, error: null });
  expect(await post(`${at}/moved`, {}, '{}', true)).toMatchObject({ status: 302, error: null });
  expect(await post(`${at}/`, {}, '{}', false)).toMatchObject({ status: null, error: 'address_not_https' });
  expect(await post(`https://127.0.0.1:${port}/`, {}, '{}', false)).toMatchObject({
    error: 'address_private',
  });
  expect(heard).toEqual(['POST /', 'POST /moved']);
  stop();
});

test('a name that leads inside is found out when the connection is made', async () => {
  // Not caught by its spelling: only looking it up says that it is this machine.
  expect(await post('https://ip6-localhost:9/', {}, '{}', false)).toMatchObject({ status: null });
  const { error } = await post('https://ip6-localhost:9/', {}, '{}', false);
  expect(['address_private', 'ENOTFOUND', 'EAI_AGAIN']).toContain(error);
});

test('nobody there is an answer too', async () => {
  const { at, stop } = await listening(() => [200]);
  stop();
  expect(await post(`${at}/`, {}, '{}', true)).toMatchObject({ status: null, error: 'ECONNREFUSED' });
  expect(await post('no address', {}, '{}', true)).toMatchObject({ status: null, error: 'ERR_INVALID_URL' });
});
