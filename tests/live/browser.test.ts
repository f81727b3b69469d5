import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listen } from '../../src/site/live.ts';

// What a browser brings: the test opens, breaks and refuses connections by hand.
class Connection extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Connection[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    Connection.opened.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
  works(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  breaks(): void {
    this.readyState = 0;
    this.onerror?.();
  }
  isRefused(): void {
    this.readyState = 2;
    this.onerror?.();
  }
  says(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

let page: EventTarget & { hidden: boolean };
let stop: () => void;
const reload = vi.fn();
const connected = vi.fn();
const seats = vi.fn();
const newest = () => Connection.opened.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  Connection.opened = [];
  page = Object.assign(new EventTarget(), { hidden: false });
  const browser = new EventTarget();
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('document', page);
  vi.stubGlobal('EventSource', Connection);
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
  for (const spy of [reload, connected, seats]) spy.mockReset();
  stop = listen('order:1', { on: { seats_changed: seats as (data: never) => void }, reload, connected });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function look(hidden: boolean): void {
  page.hidden = hidden;
  page.dispatchEvent(new Event('visibilitychange'));
}

it('asks for its topic and hands over what it hears', () => {
  newest().works();
  newest().says('seats_changed', { seats_left: 2 });
  expect(newest().url).toBe('/api/live?topic=order%3A1');
  expect(seats).toHaveBeenCalledWith({ seats_left: 2 });
  expect(connected).toHaveBeenLastCalledWith(true);
  vi.advanceTimersByTime(60_000);
  expect(reload).not.toHaveBeenCalled();
});

it('reloads every few seconds and says so while it cannot connect, until it can', () => {
  newest().breaks();
  vi.advanceTimersByTime(13_000);
  expect(reload).toHaveBeenCalledTimes(3);
  expect(connected).toHaveBeenLastCalledWith(false);
  newest().works();
  expect(connected).toHaveBeenLastCalledWith(true);
  vi.advanceTimersByTime(60_000);
  expect(reload).toHaveBeenCalledTimes(3);
});

it('does not trouble the page with an interruption of a moment', () => {
  newest().works();
  newest().breaks();
  vi.advanceTimersByTime(2000);
  newest().works();
  vi.advanceTimersByTime(60_000);
  expect(reload).not.toHaveBeenCalled();
  expect(connected).not.toHaveBeenCalledWith(false);
});

it('tries again after a refusal, ever more rarely', () => {
  const triesWithin = (ms: number) => {
    const before = Connection.opened.length;
    for (let passed = 0; passed < ms; passed += 1000) {
      vi.advanceTimersByTime(1000);
      if (newest().readyState === 0) newest().isRefused();
    }
    return Connection.opened.length - before;
  };
  newest().isRefused();
  expect(triesWithin(60_000)).toBeGreaterThan(2);
  expect(triesWithin(600_000)).toBeLessThan(12);
});

it('gives its connection back while nobody looks at the page', () => {
  newest().works();
  look(true);
  expect(newest().readyState).toBe(2);
  vi.advanceTimersByTime(60_000);
  expect(reload).not.toHaveBeenCalled();
  look(false);
  look(false);
  expect(Connection.opened).toHaveLength(2);
});

it('stops when told to', () => {
  newest().isRefused();
  stop();
  vi.advanceTimersByTime(60_000);
  look(false);
  expect(Connection.opened).toHaveLength(1);
  expect(reload).not.toHaveBeenCalled();
});
