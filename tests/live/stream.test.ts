import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHub } from '#platform/live/hub.ts';
import { createLiveStreams, type LiveStreamLimits } from '#platform/live/stream.ts';
import { isRefused } from '#platform/refusals.ts';
import { eventsIn, fakeUpstream } from './world.ts';

afterEach(() => vi.useRealTimers());

function start(limits: Partial<LiveStreamLimits> = {}) {
  const upstream = fakeUpstream();
  const hub = createHub({ open: upstream.open, flushMs: 0, graceMs: 0 });
  const streams = createLiveStreams(hub, limits);
  const open = (address = '192.0.2.1', signal?: AbortSignal) =>
    streams.open({
      topic: 'timetable',
      request: new Request('http://studio.test/api/live?topic=timetable', signal ? { signal } : {}),
      address,
      lastEventId: null,
      firstState: async () => ({ seats: 3 }),
    });
  const opened = async (address?: string, signal?: AbortSignal): Promise<Response> => {
    const answer = await open(address, signal);
    if (isRefused(answer)) throw new Error(answer.name);
    return answer;
  };
  return { upstream, hub, streams, open, opened };
}

/** Reads until the text holds what is looked for, or the stream ends. */
async function readUntil(response: Response, wanted: string | null): Promise<string> {
  let text = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    text += value ?? '';
    if (done || (wanted !== null && text.includes(wanted))) return text;
  }
}

it('answers as an event stream that no proxy may keep or change', async () => {
  const { opened, upstream } = start();
  const response = await opened();
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
  upstream.on('timetable').event('seats_changed', { seats: 2 });
  const text = await readUntil(response, 'seats_changed');
  expect(text).toMatch(/^retry: \d+\n\n/);
  expect(eventsIn(text).map(({ event }) => event)).toEqual(['state', 'seats_changed']);
});

it('sends a comment now and then, so that a quiet stream stays open', async () => {
  vi.useFakeTimers();
  const { opened, streams } = start({ heartbeatMs: 15_000 });
  const response = await opened();
  vi.advanceTimersByTime(30_000);
  streams.close();
  expect((await readUntil(response, null)).match(/^:$/gm)).toHaveLength(2);
});

describe('ends', () => {
  it('when the browser goes away', async () => {
    const { opened, streams, hub } = start();
    const gone = new AbortController();
    await opened('192.0.2.1', gone.signal);
    const other = await opened();
    expect(streams.size).toBe(2);
    gone.abort();
    await other.body!.cancel();
    expect(streams.size).toBe(0);
    await expect.poll(() => hub.size).toBe(0);
  });

  it('when the server stops', async () => {
    const { opened, streams } = start();
    const response = await opened();
    streams.close();
    expect(eventsIn(await readUntil(response, null))).toHaveLength(1);
    expect(streams.size).toBe(0);
  });

  it('after a while, so that the right to listen is asked again', async () => {
    vi.useFakeTimers();
    const { opened, streams } = start({ heartbeatMs: 1000, maxAgeMs: 3000 });
    const response = await opened();
    vi.advanceTimersByTime(5000);
    expect(streams.size).toBe(0);
    await readUntil(response, null);
  });

  it('when nobody reads it', async () => {
    const { opened, streams, upstream } = start();
    await opened();
    for (let n = 0; n < 2000; n++) upstream.on('timetable').event('seats_changed', { n });
    expect(streams.size).toBe(0);
  });
});

describe('refuses', () => {
  it('one address too many streams, and not another', async () => {
    const { open, opened } = start({ perAddress: 2 });
    await opened('192.0.2.1');
    const second = await opened('192.0.2.1');
    expect(await open('192.0.2.1')).toMatchObject({ name: 'too_many_requests', status: 429 });
    await opened('192.0.2.2');
    await second.body!.cancel();
    await opened('192.0.2.1');
  });

  it('more streams than the process can hold', async () => {
    const { open, opened } = start({ perProcess: 1 });
    await opened('192.0.2.1');
    expect(await open('192.0.2.2')).toMatchObject({
      name: 'unavailable',
      status: 503,
      details: { seconds: 30 },
    });
  });

  it('when the upstream channel does not come, and keeps nothing of it', async () => {
    vi.useFakeTimers();
    const hub = createHub({ open: fakeUpstream(false).open });
    const streams = createLiveStreams(hub);
    const answer = streams.open({
      topic: 'timetable',
      request: new Request('http://studio.test/'),
      address: '192.0.2.1',
      lastEventId: null,
      firstState: async () => ({}),
    });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await answer).toMatchObject({ name: 'unavailable', status: 503 });
    expect(streams.size).toBe(0);
  });
});

it('forgets a browser that went away while its state was being read', async () => {
  const hub = createHub({ open: fakeUpstream().open, graceMs: 0 });
  const streams = createLiveStreams(hub);
  const read = Promise.withResolvers<unknown>();
  const gone = new AbortController();
  const opening = streams.open({
    topic: 'timetable',
    request: new Request('http://studio.test/', { signal: gone.signal }),
    address: '192.0.2.1',
    lastEventId: null,
    firstState: () => read.promise,
  });
  gone.abort();
  read.resolve({});
  await opening;
  expect(streams.size).toBe(0);
  await expect.poll(() => hub.size).toBe(0);
});
