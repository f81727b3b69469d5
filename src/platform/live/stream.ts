import { Refusal } from '../refusals.ts';
import type { Hub } from './hub.ts';
import { CutOff, type Sink, type TopicOptions } from './topic.ts';

export interface LiveStreamOptions extends Pick<TopicOptions, 'firstState' | 'replaces'> {
  topic: string;
  request: Request;
  /** The visitor's, for the limit per address. */
  address: string;
  /** As the browser sent it; null at its first visit. */
  lastEventId: string | null;
}

export interface LiveStreams {
  /** Server-sent events of a topic (see hub.ts), or why not: 429 too_many_requests, 503 unavailable. Throws what firstState throws. */
  open(options: LiveStreamOptions): Promise<Response | Refusal>;
  readonly size: number;
  /** Ends every stream; browsers come back by themselves. */
  close(): void;
}

export interface LiveStreamLimits {
  perAddress: number;
  perProcess: number;
  /** Between two comments that keep proxies from closing a quiet stream. */
  heartbeatMs: number;
  /** After which a browser is made to come back, and its right to the topic is asked again. */
  maxAgeMs: number;
}

const defaults: LiveStreamLimits = {
  perAddress: 100,
  perProcess: 5000,
  heartbeatMs: 15_000,
  maxAgeMs: 30 * 60_000,
};

/** Milliseconds a browser waits before it comes back. */
const retryMs = 2000;
const unreadChunks = 1000;
const encoder = new TextEncoder();
const heartbeat = encoder.encode(':\n\n');

interface Stream {
  address: string;
  openedAt: number;
  controller: ReadableStreamDefaultController<Uint8Array>;
  /** Forgets it; the second time does nothing. */
  drop(): void;
}

export function createLiveStreams(hub: Hub, limits: Partial<LiveStreamLimits> = {}): LiveStreams {
  const { perAddress, perProcess, heartbeatMs, maxAgeMs } = { ...defaults, ...limits };
  const streams = new Set<Stream>();
  const byAddress = new Map<string, number>();
  let beating: NodeJS.Timeout | undefined;

  function beat(): void {
    for (const stream of streams) {
      if (performance.now() - stream.openedAt > maxAgeMs) end(stream);
      else stream.controller.enqueue(heartbeat);
    }
  }

  function end(stream: Stream): void {
    if (!streams.has(stream)) return;
    stream.drop();
    stream.controller.close();
  }

  function add(stream: Stream): void {
    streams.add(stream);
    byAddress.set(stream.address, (byAddress.get(stream.address) ?? 0) + 1);
    beating ??= setInterval(beat, heartbeatMs).unref();
  }

  function remove(stream: Stream): void {
    streams.delete(stream);
    const left = (byAddress.get(stream.address) ?? 1) - 1;
    if (left > 0) byAddress.set(stream.address, left);
    else byAddress.delete(stream.address);
    if (streams.size > 0) return;
    clearInterval(beating);
    beating = undefined;
  }

  return {
    async open({ topic, request, address, lastEventId, firstState, replaces }) {
      if (streams.size >= perProcess) return new Refusal('unavailable', 503, { seconds: 30 });
      if ((byAddress.get(address) ?? 0) >= perAddress)
        return new Refusal('too_many_requests', 429, { seconds: 30 });
      let leave: (() => void) | null = null;
      let stream: Stream | undefined;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const opened: Stream = {
            address,
            openedAt: performance.now(),
            controller,
            drop() {
              if (!streams.has(opened)) return;
              remove(opened);
              leave?.();
            },
          };
          stream = opened;
          add(opened);
          controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n`));
        },
        cancel: () => stream?.drop(),
      });
      const opened = stream!;
      request.signal.addEventListener('abort', () => end(opened), { once: true });
      const sink: Sink = {
        write(chunk) {
          if (!streams.has(opened)) return;
          opened.controller.enqueue(chunk);
          // Nobody reads it any more.
          if ((opened.controller.desiredSize ?? 0) < -unreadChunks) end(opened);
        },
        end: () => end(opened),
      };
      try {
        leave = await hub.listen(topic, { firstState, replaces }, sink, lastEventId);
        // It went away while its state was being read.
        if (!streams.has(opened)) leave();
      } catch (error) {
        opened.drop();
        if (error instanceof CutOff) return new Refusal('unavailable', 503, { seconds: 5 });
        throw error;
      }
      return new Response(body, {
        headers: {
          'Content-Type': 'text/event-stream; charset=utf-8',
          'Cache-Control': 'no-store, no-transform',
          // nginx would collect events before passing them on.
          'X-Accel-Buffering': 'no',
        },
      });
    },
    get size() {
      return streams.size;
    },
    close() {
      for (const stream of [...streams]) end(stream);
    },
  };
}
