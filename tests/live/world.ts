import type { OpenUpstream, Sink, UpstreamEvents } from '#platform/live/topic.ts';

/** An upstream in the test's hands: it says when a channel is joined, lost, and what it hears. */
export function fakeUpstream(joinAtOnce = true) {
  const opened: string[] = [];
  const closed: string[] = [];
  const channels = new Map<string, UpstreamEvents>();
  const open: OpenUpstream = (topic, on) => {
    opened.push(topic);
    channels.set(topic, on);
    if (joinAtOnce) queueMicrotask(() => on.joined());
    return {
      close() {
        closed.push(topic);
        channels.delete(topic);
      },
    };
  };
  const on = (topic: string): UpstreamEvents => {
    const channel = channels.get(topic);
    if (!channel) throw new Error(`${topic} is not open`);
    return channel;
  };
  return { open, opened, closed, on };
}

export interface Told {
  id: string;
  event: string;
  data: unknown;
}

/** Whole events in the text of an event stream; comments and `retry:` are left out, and what has only half arrived. */
export function eventsIn(text: string): Told[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2))))
    .filter((block) => 'data' in block)
    .map((block) => ({ id: block.id, event: block.event, data: JSON.parse(block.data) }));
}

/** A listener that remembers. */
export function ear(): Sink & { told(): Told[]; ended: boolean; until(count: number): Promise<Told[]> } {
  let text = '';
  const waiting: (() => void)[] = [];
  const decoder = new TextDecoder();
  const self = {
    ended: false,
    write(chunk: Uint8Array) {
      text += decoder.decode(chunk);
      for (const look of waiting) look();
    },
    end() {
      self.ended = true;
    },
    told: () => eventsIn(text),
    until: (count: number) =>
      new Promise<Told[]>((resolve) => {
        const look = () => eventsIn(text).length >= count && resolve(eventsIn(text));
        waiting.push(look);
        look();
      }),
  };
  return self;
}
