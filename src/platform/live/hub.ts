import { type Sink, Topic, type OpenUpstream, type TopicOptions } from './topic.ts';

export interface HubOptions extends Partial<Pick<TopicOptions, 'keep' | 'flushMs' | 'lostMs'>> {
  open: OpenUpstream;
  /** Milliseconds a topic is kept after its last listener left: people go from page to page. */
  graceMs?: number;
}

export interface Hub {
  /** See Topic.listen. The first listener's `firstState` and `replaces` serve all of the topic's. */
  listen(
    topic: string,
    how: Pick<TopicOptions, 'firstState' | 'replaces'>,
    sink: Sink,
    lastEventId: string | null,
  ): Promise<() => void>;
  /** How many topics are open. */
  readonly size: number;
  close(): void;
}

/** Every topic of this process: one upstream channel each, however many listen, closed a while after the last one left. */
export function createHub({
  open,
  graceMs = 30_000,
  keep = 200,
  flushMs = 25,
  lostMs = 10_000,
}: HubOptions): Hub {
  const topics = new Map<string, { topic: Topic; grace?: NodeJS.Timeout | undefined }>();

  function found(name: string, how: Pick<TopicOptions, 'firstState' | 'replaces'>) {
    let entry = topics.get(name);
    if (!entry) {
      entry = { topic: new Topic(name, { open, keep, flushMs, lostMs, ...how }) };
      topics.set(name, entry);
    }
    clearTimeout(entry.grace);
    entry.grace = undefined;
    return entry;
  }

  function leaveEmpty(name: string): void {
    const entry = topics.get(name);
    if (!entry || entry.topic.size > 0 || entry.grace) return;
    entry.grace = setTimeout(() => {
      topics.delete(name);
      entry.topic.close();
    }, graceMs).unref();
  }

  return {
    async listen(name, how, sink, lastEventId) {
      const { topic } = found(name, how);
      const ending: Sink = {
        write: (chunk) => sink.write(chunk),
        end() {
          sink.end();
          leaveEmpty(name);
        },
      };
      try {
        const leave = await topic.listen(ending, lastEventId);
        return () => {
          leave();
          leaveEmpty(name);
        };
      } catch (error) {
        leaveEmpty(name);
        throw error;
      }
    },
    get size() {
      return topics.size;
    },
    close() {
      for (const { topic, grace } of topics.values()) {
        clearTimeout(grace);
        topic.close();
      }
      topics.clear();
    },
  };
}
