import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { collect, joined, startRealtimeWorld, type RealtimeWorld } from './realtime-world.ts';

let world: RealtimeWorld;
beforeAll(async () => {
  world = await startRealtimeWorld({
    payloadBytes: 2000,
    channelsPerSocket: 3,
    joinsPerSecond: 20,
    eventsPerSecond: 10,
    keepMs: 60_000,
    pruneEveryMs: 20,
  });
});
afterAll(() => world.close());

it('refuses a message that is too large and says so', async () => {
  const channel = world.client().channel('large', { config: { broadcast: { ack: true } } });
  await joined(channel);
  expect(await channel.send({ type: 'broadcast', event: 'big', payload: { text: 'x'.repeat(3000) } })).toBe(
    'error',
  );
  expect(await channel.send({ type: 'broadcast', event: 'small', payload: {} })).toBe('ok');
  await expect(channel.httpSend('big', { text: 'x'.repeat(3000) })).rejects.toThrow(
    'Payload size exceeds tenant limit',
  );
});

it('refuses more channels than one socket may have', async () => {
  const client = world.client();
  for (const name of ['a', 'b', 'c']) await joined(client.channel(name));
  await expect(joined(client.channel('d'))).rejects.toThrow('ChannelRateLimitReached: Too many channels');
});

it('refuses to join too often within a second', async () => {
  const client = world.client();
  const attempts = Array.from({ length: 60 }, (_, n) =>
    joined(client.channel(`often-${n}`)).catch((error: Error) => error.message),
  );
  expect(await Promise.all(attempts)).toContain('ClientJoinRateLimitReached: Too many joins per second');
});

it('closes a channel on which a client sends too much, and says why', async () => {
  const channel = world.client().channel('chatter');
  const told = new Promise((resolve) => channel.on('system', {}, resolve));
  await joined(channel);
  for (let n = 0; n < 30; n++) await channel.send({ type: 'broadcast', event: 'chat', payload: { n } });
  expect(await told).toMatchObject({ status: 'error', message: 'Too many messages per second' });
});

it('does not count what the database sends', async () => {
  const channel = world.client().channel('busy', { config: { private: true } });
  const { until } = collect(channel);
  await joined(channel);
  await world.owner.query(`select realtime.send('{}', 'n', 'busy') from generate_series(1, 200)`);
  expect(await until(200)).toHaveLength(200);
});

it('forgets messages after a while, and not before', async () => {
  await world.admin.query(
    `insert into realtime.messages (topic, extension, inserted_at) values ('old', 'broadcast', now() - interval '2 minutes'), ('new', 'broadcast', now())`,
  );
  const kept = `select topic from realtime.messages where topic in ('old', 'new')`;
  await expect.poll(async () => (await world.admin.query(kept)).rows).toEqual([{ topic: 'new' }]);
});

it.each([
  ['text that is no frame', 'hello'],
  ['a frame without a topic', '{"event":"phx_join"}'],
  ['bytes of an unknown kind', Buffer.from([9, 0, 0, 0, 0, 0, 0])],
  ['a binary frame that ends too early', Buffer.from([3, 1, 1, 200, 1, 0, 1, 49])],
])('closes a socket that sends %s', async (_, data) => {
  const socket = new WebSocket(
    `${world.url.replace('http', 'ws')}/websocket?vsn=2.0.0&apikey=${world.publishableKey}`,
  );
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.send(data);
  expect(await closed).toBe(1003);
});

it.each([
  ['no key', '/websocket?vsn=2.0.0', 401],
  ['a protocol it does not know', '/websocket?vsn=9.0.0&apikey=KEY', 400],
  ['another address', '/elsewhere?apikey=KEY', 404],
])('opens no socket for %s', async (_, path, status) => {
  const socket = new WebSocket(world.url.replace('http', 'ws') + path.replace('KEY', world.publishableKey));
  const answer = new Promise((resolve) =>
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
  );
  socket.on('error', () => undefined);
  expect(await answer).toBe(status);
});

it('answers events it does not know, and topics that were not joined, with an error', async () => {
  const socket = new WebSocket(
    `${world.url.replace('http', 'ws')}/websocket?vsn=2.0.0&apikey=${world.publishableKey}`,
  );
  await new Promise((resolve) => socket.once('open', resolve));
  const ask = (topic: string, event: string) =>
    new Promise((resolve) => {
      socket.once('message', (data) => resolve(JSON.parse(String(data))[4]));
      socket.send(JSON.stringify(['1', '1', topic, event, {}]));
    });
  expect(await ask('realtime:nowhere', 'broadcast')).toEqual({
    status: 'error',
    response: { reason: 'unmatched topic' },
  });
  expect(await ask('realtime:', 'phx_join')).toMatchObject({ status: 'error' });
  expect(await ask('elsewhere', 'phx_join')).toEqual({
    status: 'error',
    response: { reason: 'unmatched topic' },
  });
  expect(await ask('phoenix', 'heartbeat')).toEqual({ status: 'ok', response: {} });
  expect(await ask('realtime:somewhere', 'phx_join')).toMatchObject({ status: 'ok' });
  expect(await ask('realtime:somewhere', 'dance')).toEqual({
    status: 'error',
    response: { reason: 'UnknownEvent: dance' },
  });
  socket.close();
});
