import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHub, type Hub } from '#platform/live/hub.ts';
import { supabaseUpstreams } from '#platform/live/upstream.ts';
import { ear } from '../live/world.ts';
import { startRealtimeWorld, type RealtimeWorld } from './realtime-world.ts';

let world: RealtimeWorld;
let hub: Hub;
const clients: SupabaseClient[] = [];
beforeAll(async () => {
  world = await startRealtimeWorld();
  hub = createHub({
    open: supabaseUpstreams(() => clients[clients.push(world.client()) - 1]!),
    flushMs: 0,
    graceMs: 0,
  });
});
afterAll(async () => {
  hub.close();
  await world.close();
});

const nothing = { firstState: async () => null };
const names = (told: { event: string }[]) => told.map(({ event }) => event);

it('brings what a transaction says to those who listen to its topic', async () => {
  const one = ear();
  await hub.listen('business:1:timetable', nothing, one, null);
  await world.send('business:1:timetable', 'seats_changed', { session_id: 'a', seats_left: 2 });
  expect(await one.until(2)).toMatchObject([
    { event: 'state' },
    { event: 'seats_changed', data: { session_id: 'a', seats_left: 2 } },
  ]);
});

it('gives everybody the state anew after the realtime server was restarted, and goes on', async () => {
  let seats = 5;
  const one = ear();
  await hub.listen('business:2:timetable', { firstState: async () => seats }, one, null);
  await world.restart(async () => {
    seats = 4;
    await world.send('business:2:timetable', 'seats_changed', { seats });
  });
  expect((await one.until(2))[1]).toMatchObject({ event: 'state', data: 4 });
  await world.send('business:2:timetable', 'seats_changed', { seats: 3 });
  expect((await one.until(3))[2]).toMatchObject({ event: 'seats_changed', data: { seats: 3 } });
});

it('opens a channel again that the server closed', async () => {
  const one = ear();
  await hub.listen('closed', nothing, one, null);
  // The server ends a channel on which a client sends too much.
  const channel = clients[0]!.getChannels().find(({ topic }) => topic === 'realtime:closed');
  for (let n = 0; n < 150; n++) void channel!.send({ type: 'broadcast', event: 'too much', payload: {} });
  expect(names(await one.until(2))).toEqual(['state', 'state']);
  await world.send('closed', 'after', {});
  expect(names(await one.until(3))[2]).toBe('after');
});

it('opens a topic again that was closed a moment ago', async () => {
  const leave = await hub.listen('again', nothing, ear(), null);
  const open = hub.size;
  leave();
  await expect.poll(() => hub.size).toBe(open - 1);
  const one = ear();
  await hub.listen('again', nothing, one, null);
  await world.send('again', 'hello', {});
  expect(names(await one.until(2))).toEqual(['state', 'hello']);
});

it('listens to more topics than one socket may carry', async () => {
  const before = clients.length;
  const ears = Array.from({ length: 200 }, ear);
  for (const [n, one] of ears.entries()) await hub.listen(`order:${n}`, nothing, one, null);
  for (const n of ears.keys()) await world.send(`order:${n}`, 'order_changed', { n });
  for (const [n, one] of ears.entries()) expect((await one.until(2))[1]!.data).toMatchObject({ n });
  expect(clients.length - before).toBe(2);
});

it('tells nobody anything with a key that is not ours', async () => {
  const open = supabaseUpstreams(() =>
    createClient(world.url, 'sb_secret_wrong', { realtime: { reconnectAfterMs: () => 50 } }),
  );
  const told = Promise.withResolvers<string>();
  const upstream = open('business:1:timetable', {
    event: () => told.resolve('event'),
    joined: () => told.resolve('joined'),
    lost: () => told.resolve('lost'),
  });
  expect(await told.promise).toBe('lost');
  upstream.close();
});
