import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHub, type HubOptions } from '#platform/live/hub.ts';
import { CutOff } from '#platform/live/topic.ts';
import { ear, fakeUpstream } from './world.ts';

afterEach(() => vi.useRealTimers());

const seats = { firstState: async () => ({ seats: 3 }) };

function start(options: Partial<HubOptions> = {}, joinAtOnce = true) {
  const upstream = fakeUpstream(joinAtOnce);
  return { upstream, hub: createHub({ open: upstream.open, flushMs: 0, ...options }) };
}

const names = (told: { event: string }[]) => told.map(({ event }) => event);

describe('a listener', () => {
  it('is told what is known first and what changes after', async () => {
    const { hub, upstream } = start();
    const one = ear();
    await hub.listen('timetable', seats, one, null);
    upstream.on('timetable').event('seats_changed', { seats: 2 });
    expect(one.told()).toMatchObject([
      { event: 'state', data: { seats: 3 } },
      { event: 'seats_changed', data: { seats: 2 } },
    ]);
  });

  it('is told what happened while its state was being read', async () => {
    const { hub, upstream } = start();
    const read = Promise.withResolvers<unknown>();
    const firstState = vi.fn(() => read.promise);
    const one = ear();
    const listening = hub.listen('timetable', { firstState }, one, null);
    await expect.poll(() => firstState).toHaveBeenCalled();
    upstream.on('timetable').event('seats_changed', { seats: 2 });
    read.resolve({ seats: 3 });
    await listening;
    expect(names(one.told())).toEqual(['state', 'seats_changed']);
  });

  it('that comes back is told what it missed and nothing twice', async () => {
    const { hub, upstream } = start();
    const one = ear();
    const leave = await hub.listen('timetable', seats, one, null);
    upstream.on('timetable').event('seats_changed', { n: 1 });
    leave();
    upstream.on('timetable').event('seats_changed', { n: 2 });
    upstream.on('timetable').event('seats_changed', { n: 3 });
    const again = ear();
    await hub.listen('timetable', seats, again, one.told().at(-1)!.id);
    expect(again.told().map(({ data }) => data)).toEqual([{ n: 2 }, { n: 3 }]);
  });

  it.each(['elsewhere-3', 'nonsense', '', '-1', 'x-99999'])(
    'that brings the id %j is told the state',
    async (id) => {
      const { hub } = start();
      const one = ear();
      await hub.listen('timetable', seats, one, id);
      expect(names(one.told())).toEqual(['state']);
    },
  );

  it('that was away too long is told the state', async () => {
    const { hub, upstream } = start({ keep: 2 });
    const one = ear();
    const leave = await hub.listen('timetable', seats, one, null);
    leave();
    for (const n of [1, 2, 3]) upstream.on('timetable').event('seats_changed', { n });
    const again = ear();
    await hub.listen('timetable', seats, again, one.told()[0]!.id);
    expect(names(again.told())).toEqual(['state']);
  });

  it('that left hears nothing more', async () => {
    const { hub, upstream } = start();
    const one = ear();
    const leave = await hub.listen('timetable', seats, one, null);
    leave();
    upstream.on('timetable').event('seats_changed', {});
    expect(names(one.told())).toEqual(['state']);
  });

  it('is refused when its state cannot be read, and the next one is asked anew', async () => {
    const { hub } = start();
    let broken = true;
    const firstState = async () => {
      if (broken) throw new Error('no database');
      return {};
    };
    await expect(hub.listen('timetable', { firstState }, ear(), null)).rejects.toThrow('no database');
    broken = false;
    const one = ear();
    await hub.listen('timetable', { firstState }, one, null);
    expect(names(one.told())).toEqual(['state']);
  });
});

describe('many listeners', () => {
  it('share one upstream channel and one reading of the state', async () => {
    const { hub, upstream } = start();
    const firstState = vi.fn(async () => ({}));
    const ears = Array.from({ length: 50 }, ear);
    await Promise.all(ears.map((one) => hub.listen('timetable', { firstState }, one, null)));
    upstream.on('timetable').event('seats_changed', {});
    expect(upstream.opened).toEqual(['timetable']);
    expect(firstState).toHaveBeenCalledTimes(1);
    for (const one of ears) expect(names(one.told())).toEqual(['state', 'seats_changed']);
  });

  it('share the very bytes of an event', async () => {
    const { hub, upstream } = start();
    const chunks: Uint8Array[][] = [[], []];
    for (const list of chunks)
      await hub.listen('timetable', seats, { write: (chunk) => list.push(chunk), end() {} }, null);
    upstream.on('timetable').event('seats_changed', {});
    expect(chunks[0]!.at(-1)).toBe(chunks[1]!.at(-1));
  });

  it('of different topics do not hear each other', async () => {
    const { hub, upstream } = start();
    const [one, other] = [ear(), ear()];
    await hub.listen('order:1', seats, one, null);
    await hub.listen('order:2', seats, other, null);
    upstream.on('order:2').event('order_changed', {});
    expect(names(one.told())).toEqual(['state']);
    expect(names(other.told())).toEqual(['state', 'order_changed']);
  });
});

describe('in a rush', () => {
  it('the first event travels at once, what follows closely travels together', async () => {
    vi.useFakeTimers();
    const { hub, upstream } = start({ flushMs: 25 });
    const writes: string[] = [];
    const decoder = new TextDecoder();
    await hub.listen(
      'timetable',
      seats,
      { write: (chunk) => writes.push(decoder.decode(chunk)), end() {} },
      null,
    );
    for (const n of [1, 2, 3]) upstream.on('timetable').event('seats_changed', { n });
    expect(writes).toHaveLength(2);
    vi.advanceTimersByTime(25);
    expect(writes).toHaveLength(3);
    expect(writes[2]!.match(/event: seats_changed/g)).toHaveLength(2);
  });

  it('only the newest of events that replace each other is told', async () => {
    vi.useFakeTimers();
    const { hub, upstream } = start({ flushMs: 25, keep: 3 });
    const one = ear();
    const replaces = (_: string, payload: unknown) => (payload as { session: string }).session;
    await hub.listen('timetable', { ...seats, replaces }, one, null);
    for (let seatsLeft = 10; seatsLeft >= 0; seatsLeft--) {
      upstream.on('timetable').event('seats_changed', { session: 'a', seatsLeft });
      upstream.on('timetable').event('seats_changed', { session: 'b', seatsLeft });
    }
    vi.advanceTimersByTime(25);
    expect(
      one
        .told()
        .slice(-2)
        .map(({ data }) => data),
    ).toEqual([
      { session: 'a', seatsLeft: 0 },
      { session: 'b', seatsLeft: 0 },
    ]);
    expect(one.told()).toHaveLength(4);
  });
});

describe('when the upstream channel is lost', () => {
  it('and joined again, everybody is told the state anew, for events may have been missed', async () => {
    const { hub, upstream } = start();
    let known = 3;
    const ears = [ear(), ear()];
    for (const one of ears)
      await hub.listen('timetable', { firstState: async () => ({ seats: known }) }, one, null);
    const before = ears[0]!.told()[0]!.id;
    upstream.on('timetable').lost();
    known = 1;
    upstream.on('timetable').joined();
    upstream.on('timetable').event('seats_changed', { seats: 0 });
    for (const one of ears) {
      const told = await one.until(3);
      expect(told.slice(1)).toMatchObject([
        { event: 'state', data: { seats: 1 } },
        { event: 'seats_changed', data: { seats: 0 } },
      ]);
    }
    const back = ear();
    await hub.listen('timetable', seats, back, before);
    expect(names(back.told())[0]).toBe('state');
  });

  it('for long, listeners are let go to find another way', async () => {
    vi.useFakeTimers();
    const { hub, upstream } = start({ lostMs: 1000 });
    const one = ear();
    await hub.listen('timetable', seats, one, null);
    upstream.on('timetable').lost();
    vi.advanceTimersByTime(999);
    expect(one.ended).toBe(false);
    vi.advanceTimersByTime(1);
    expect(one.ended).toBe(true);
  });

  it('and the state cannot be read afterwards, listeners are let go', async () => {
    const { hub, upstream } = start();
    let broken = false;
    const one = ear();
    const firstState = async () => {
      if (broken) throw new Error('no database');
      return {};
    };
    await hub.listen('timetable', { firstState }, one, null);
    broken = true;
    upstream.on('timetable').lost();
    upstream.on('timetable').joined();
    await expect.poll(() => one.ended).toBe(true);
  });

  it('a new listener waits for it, and is refused when it does not come', async () => {
    vi.useFakeTimers();
    const { hub, upstream } = start({}, false);
    const [late, never] = [ear(), ear()];
    const waiting = hub.listen('timetable', seats, late, null);
    upstream.on('timetable').joined();
    await waiting;
    expect(names(late.told())).toEqual(['state']);
    const refused = expect(hub.listen('order:1', seats, never, null)).rejects.toThrow(CutOff);
    await vi.advanceTimersByTimeAsync(5000);
    await refused;
  });
});

describe('a topic nobody listens to', () => {
  it('is kept for a while and then closed', async () => {
    vi.useFakeTimers();
    const { hub, upstream } = start({ graceMs: 1000 });
    const leave = await hub.listen('timetable', seats, ear(), null);
    leave();
    vi.advanceTimersByTime(999);
    expect(hub.size).toBe(1);
    const again = await hub.listen('timetable', seats, ear(), null);
    vi.advanceTimersByTime(5000);
    expect(upstream.closed).toEqual([]);
    again();
    vi.advanceTimersByTime(1000);
    expect(upstream.closed).toEqual(['timetable']);
    expect(hub.size).toBe(0);
  });

  it('is closed too when its only listener was refused', async () => {
    vi.useFakeTimers();
    const { hub, upstream } = start({ graceMs: 1000 });
    const firstState = () => Promise.reject(new Error('no'));
    await expect(hub.listen('order:1', { firstState }, ear(), null)).rejects.toThrow('no');
    vi.advanceTimersByTime(1000);
    expect(upstream.closed).toEqual(['order:1']);
  });
});

it('closes everything when the server stops', async () => {
  const { hub, upstream } = start();
  const one = ear();
  await hub.listen('timetable', seats, one, null);
  hub.close();
  expect(one.ended).toBe(true);
  expect(upstream.closed).toEqual(['timetable']);
});
