import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBackend, type TestBackend } from './backend.ts';
import { collect, joined } from './realtime-world.ts';

// Through the one origin of the embedded backend, with the application's own migrations, policies and seed.
let backend: TestBackend;
let businessId: string;
beforeAll(async () => {
  backend = await startBackend({ migrations: true, seed: true });
  const [business] = await backend.sql('select id from business.businesses order by slug desc limit 1');
  businessId = String(business!.id);
});
afterAll(() => backend.stop());

const privately = { config: { private: true } };

it('tells a visitor of a seat that goes, as the trigger of the migrations says it', async () => {
  const client = backend.client();
  const channel = client.channel(`business:${businessId}:timetable`, privately);
  const { until } = collect(channel);
  await joined(channel);
  const [session] = await backend.sql(
    `update booking.sessions set capacity = capacity + 1
     where id = (select id from booking.sessions where business_id = $1 and starts_at > now() order by starts_at limit 1)
     returning id, capacity, seats_taken`,
    [businessId],
  );
  const [message] = await until(1);
  expect(message).toMatchObject({
    event: 'seats_changed',
    payload: {
      session_id: session!.id,
      capacity: session!.capacity,
      seats_left: Number(session!.capacity) - Number(session!.seats_taken),
    },
  });
  await client.realtime.disconnect();
});

it('lets a member hear what is said to them, and nobody else', async () => {
  const [member] = await backend.sql(
    'select id, user_id from members.members where user_id is not null limit 1',
  );
  const topic = `member:${String(member!.id)}`;
  const mine = backend.client({ token: backend.tokenFor(String(member!.user_id)) });
  const stranger = backend.client({ token: backend.tokenFor(crypto.randomUUID()) });
  const channel = mine.channel(topic, privately);
  const { until } = collect(channel);
  await joined(channel);
  await expect(joined(stranger.channel(topic, privately))).rejects.toThrow('Unauthorized');
  await expect(joined(backend.client().channel(topic, privately))).rejects.toThrow('Unauthorized');
  await backend.sql(`select realtime.send('{"kind":"reminder"}', 'notice', $1)`, [topic]);
  expect((await until(1))[0]!.event).toBe('notice');
  await Promise.all([mine, stranger].map((client) => client.realtime.disconnect()));
});

it('sends over HTTP through the gateway', async () => {
  const client = backend.client({ key: backend.secretKey });
  const channel = client.channel('notices', privately);
  const { until } = collect(channel);
  await joined(channel);
  expect(await channel.httpSend('hello', { n: 1 })).toEqual({ success: true });
  await expect(backend.client().channel('notices', privately).httpSend('forged', {})).rejects.toThrow(
    'Unauthorized',
  );
  expect((await until(1))[0]).toMatchObject({ event: 'hello', payload: { n: 1 } });
  await client.realtime.disconnect();
});

it('refuses a wrong key at the door', async () => {
  const client = backend.client({ key: 'sb_publishable_wrong' });
  await expect(joined(client.channel('notices'))).rejects.toThrow('transport failure');
  await client.realtime.disconnect();
});
