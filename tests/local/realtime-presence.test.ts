import { type RealtimeChannel } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joined, startRealtimeWorld, type RealtimeWorld } from './realtime-world.ts';

let world: RealtimeWorld;
beforeAll(async () => {
  world = await startRealtimeWorld();
});
afterAll(() => world.close());

function room(name: string, key = '', vsn?: '1.0.0'): RealtimeChannel {
  return world.client(vsn ? { vsn } : {}).channel(name, { config: { presence: { key, enabled: true } } });
}

/** Resolves at the first sync for which the room looks as asked. */
function until(channel: RealtimeChannel, looks: (keys: string[]) => boolean): Promise<void> {
  return new Promise((resolve) => {
    channel.on('presence', { event: 'sync' }, () => {
      if (looks(Object.keys(channel.presenceState()).sort())) resolve();
    });
  });
}

it.each(['1.0.0', undefined] as const)(
  'shows who is there, who comes and who goes (protocol %s)',
  async (vsn) => {
    const [ana, bea] = [room(`mat-${vsn}`, 'ana', vsn), room(`mat-${vsn}`, 'bea', vsn)];
    const both = [ana, bea].map((channel) => until(channel, (keys) => keys.join() === 'ana,bea'));
    const alone = until(bea, (keys) => keys.join() === 'bea');
    const left = new Promise((resolve) => bea.on('presence', { event: 'leave' }, resolve));
    await joined(ana);
    expect(await ana.track({ mood: 'calm' })).toBe('ok');
    await joined(bea);
    await bea.track({ mood: 'awake' });
    await Promise.all(both);
    expect(bea.presenceState()['ana']).toMatchObject([{ mood: 'calm' }]);
    expect(await ana.untrack()).toBe('ok');
    await alone;
    expect(await left).toMatchObject({ key: 'ana', leftPresences: [{ mood: 'calm' }] });
  },
);

it('notices that a client is gone without a goodbye', async () => {
  const ana = room('gone', 'ana');
  const bea = room('gone', 'bea');
  const there = until(bea, (keys) => keys.includes('ana'));
  const gone = new Promise((resolve) => bea.on('presence', { event: 'leave' }, resolve));
  await Promise.all([joined(ana), joined(bea)]);
  await ana.track({});
  await there;
  await ana.socket.disconnect();
  expect(await gone).toMatchObject({ key: 'ana' });
});

it('replaces what a client showed of itself', async () => {
  const ana = room('mood', 'ana');
  const bea = room('mood', 'bea');
  const awake = new Promise<void>((resolve) => {
    bea.on('presence', { event: 'sync' }, () => {
      const [state] = bea.presenceState<{ mood: string }>()['ana'] ?? [];
      if (state?.mood === 'awake') resolve();
    });
  });
  await Promise.all([joined(ana), joined(bea)]);
  await ana.track({ mood: 'calm' });
  await ana.track({ mood: 'awake' });
  await awake;
  expect(bea.presenceState()['ana']).toHaveLength(1);
});

it('counts two windows of one person under one key', async () => {
  const windows = [room('twice', 'ana'), room('twice', 'ana')];
  const watcher = room('twice', 'bea');
  const both = new Promise<void>((resolve) => {
    watcher.on('presence', { event: 'sync' }, () => {
      if (watcher.presenceState()['ana']?.length === 2) resolve();
    });
  });
  await Promise.all([...windows, watcher].map(joined));
  await Promise.all(windows.map((channel) => channel.track({})));
  await both;
});
