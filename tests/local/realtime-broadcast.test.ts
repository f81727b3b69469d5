import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, joined, startRealtimeWorld, type RealtimeWorld } from './realtime-world.ts';

let world: RealtimeWorld;
beforeAll(async () => {
  world = await startRealtimeWorld();
});
afterAll(() => world.close());

const privately = { config: { private: true } };

describe.each(['1.0.0', '2.0.0'] as const)('with protocol %s', (vsn) => {
  const topic = `studio-${vsn}`;

  it('brings a message sent by SQL to everybody who listens, with its id', async () => {
    const ears = [world.client({ vsn }), world.client({ vsn })].map((client) =>
      client.channel(topic, privately),
    );
    const heard = ears.map(collect);
    await Promise.all(ears.map(joined));
    await world.send(topic, 'seats_changed', { seats_left: 3, name: 'Música ñ 🪷' });
    for (const { until } of heard) {
      const [message] = await until(1);
      expect(message).toMatchObject({
        event: 'seats_changed',
        payload: { seats_left: 3, name: 'Música ñ 🪷' },
      });
      expect(message?.meta?.id).toBe(message?.payload['id']);
    }
  });

  it('brings a message that is too large for a notification whole', async () => {
    const channel = world.client({ vsn }).channel(`large-${vsn}`, privately);
    const { until } = collect(channel);
    await joined(channel);
    await world.send(`large-${vsn}`, 'long', { text: 'yoga '.repeat(40_000) });
    expect((await until(1))[0]?.payload['text']).toHaveLength(200_000);
  });

  it('brings a broadcast of one client to the others but not to itself', async () => {
    const [one, other] = [world.client({ vsn }), world.client({ vsn })].map((client) =>
      client.channel(`talk-${vsn}`),
    );
    const [own, others] = [collect(one!), collect(other!)];
    await Promise.all([joined(one!), joined(other!)]);
    await one!.send({ type: 'broadcast', event: 'wave', payload: { from: 'one' } });
    await other!.send({ type: 'broadcast', event: 'wave', payload: { from: 'other' } });
    expect((await own.until(1)).map((message) => message.payload['from'])).toEqual(['other']);
    expect((await others.until(1)).map((message) => message.payload['from'])).toEqual(['one']);
  });

  it('brings a broadcast back to its sender and confirms it, when asked to', async () => {
    const channel = world
      .client({ vsn })
      .channel(`echo-${vsn}`, { config: { broadcast: { self: true, ack: true } } });
    const { until } = collect(channel);
    await joined(channel);
    expect(await channel.send({ type: 'broadcast', event: 'wave', payload: { n: 1 } })).toBe('ok');
    expect((await until(1))[0]?.payload).toEqual({ n: 1 });
  });
});

it('understands both protocols on one topic', async () => {
  const old = world.client({ vsn: '1.0.0' }).channel('mixed');
  const young = world.client({ vsn: '2.0.0' }).channel('mixed');
  const [oldHears, youngHears] = [collect(old), collect(young)];
  await Promise.all([joined(old), joined(young)]);
  await old.send({ type: 'broadcast', event: 'wave', payload: { from: 'old' } });
  await young.send({ type: 'broadcast', event: 'wave', payload: { from: 'young' } });
  expect((await oldHears.until(1))[0]).toMatchObject({ event: 'wave', payload: { from: 'young' } });
  expect((await youngHears.until(1))[0]).toMatchObject({ event: 'wave', payload: { from: 'old' } });
});

it('carries raw bytes between clients', async () => {
  const [one, other] = [world.client(), world.client()].map((client) => client.channel('bytes'));
  const { until } = collect(other!);
  await Promise.all([joined(one!), joined(other!)]);
  await one!.send({ type: 'broadcast', event: 'raw', payload: new Uint8Array([1, 2, 255]).buffer });
  const [message] = await until(1);
  expect([...new Uint8Array(message!.payload as unknown as ArrayBuffer)]).toEqual([1, 2, 255]);
});

it('says nothing of a transaction that was rolled back', async () => {
  const channel = world.client().channel('undone', privately);
  const { until } = collect(channel);
  await joined(channel);
  const connection = await world.owner.connect();
  await connection.query(`begin; select realtime.send('{"n":1}', 'lost', 'undone'); rollback`);
  connection.release();
  await world.send('undone', 'kept', { n: 2 });
  expect((await until(1)).map((message) => message.event)).toEqual(['kept']);
});

it('keeps a private and a public channel of the same name apart', async () => {
  const hidden = world.client().channel('lobby', privately);
  const open = world.client({ key: world.publishableKey }).channel('lobby');
  const [hiddenHears, openHears] = [collect(hidden), collect(open)];
  await Promise.all([joined(hidden), joined(open)]);
  await world.send('lobby', 'secret', {}, true);
  await world.send('lobby', 'notice', {}, false);
  expect((await hiddenHears.until(1)).map((message) => message.event)).toEqual(['secret']);
  expect((await openHears.until(1)).map((message) => message.event)).toEqual(['notice']);
});

it('tells of a changed row with its old and its new values', async () => {
  await world.owner.query(`
    create table public.mats (id int primary key, colour text);
    create function public.tell_of_mat() returns trigger language plpgsql security definer as $$
    begin perform realtime.broadcast_changes('mats', tg_op, tg_op, tg_table_name, tg_table_schema, new, old); return null; end $$;
    create trigger tell after insert or update on public.mats for each row execute function public.tell_of_mat();`);
  const channel = world.client().channel('mats', privately);
  const { until } = collect(channel);
  await joined(channel);
  await world.owner.query(
    `insert into public.mats values (1, 'red'); update public.mats set colour = 'blue'`,
  );
  const [inserted, updated] = await until(2);
  expect(inserted).toMatchObject({
    event: 'INSERT',
    payload: { record: { colour: 'red' }, old_record: null, table: 'mats' },
  });
  expect(updated).toMatchObject({
    event: 'UPDATE',
    payload: { record: { colour: 'blue' }, old_record: { colour: 'red' } },
  });
});

it('replays what was said before a listener came, once', async () => {
  const since = Date.now() - 60_000;
  for (const n of [1, 2, 3]) await world.send('diary', 'entry', { n });
  const channel = world
    .client()
    .channel('diary', { config: { private: true, broadcast: { replay: { since, limit: 2 } } } });
  const { until } = collect(channel);
  await joined(channel);
  await world.send('diary', 'entry', { n: 4 });
  const heard = await until(3);
  expect(heard.map((message) => message.payload['n'])).toEqual([2, 3, 4]);
  expect(heard.map((message) => message.meta?.replayed ?? false)).toEqual([true, true, false]);
});

it('lets a client leave and come back', async () => {
  const client = world.client();
  const first = client.channel('door');
  await joined(first);
  expect(await client.removeChannel(first)).toBe('ok');
  const second = client.channel('door');
  const { until } = collect(second);
  await joined(second);
  await world.send('door', 'knock', {}, false);
  expect((await until(1)).map((message) => message.event)).toEqual(['knock']);
});

it('says when the database is being listened to, when asked to', async () => {
  const channel = world.client().channel('ready', { config: { broadcast: { replication_ready: true } } });
  const told = new Promise((resolve) => channel.on('system', {}, resolve));
  await joined(channel);
  expect(await told).toMatchObject({
    status: 'ok',
    message: 'Replication connection established',
    channel: 'ready',
  });
});
