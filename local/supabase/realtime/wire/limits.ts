/** The hosted service's own defaults, but counted for each socket instead of for the whole project. */
export interface Limits {
  /** Bytes of one message's payload. */
  payloadBytes: number;
  channelsPerSocket: number;
  joinsPerSecond: number;
  /** Broadcasts and presence events a client may send in a second. */
  eventsPerSecond: number;
  /** Milliseconds without a word (clients send a heartbeat every 25 s) after which a socket is closed. */
  silenceMs: number;
  /** Bytes waiting for a client that does not read before its socket is closed. */
  backlogBytes: number;
  /** Milliseconds a message stays in realtime.messages. */
  keepMs: number;
  /** Milliseconds between deletions of older ones. */
  pruneEveryMs: number;
  /** Milliseconds between two looks at what the database has to say, while somebody listens and while nobody does. */
  pollMs: number;
  idlePollMs: number;
}

export const defaultLimits: Limits = {
  payloadBytes: 3_000_000,
  channelsPerSocket: 100,
  joinsPerSecond: 100,
  eventsPerSecond: 100,
  silenceMs: 75_000,
  backlogBytes: 32_000_000,
  keepMs: 60 * 60 * 1000,
  pruneEveryMs: 60_000,
  pollMs: 12,
  idlePollMs: 50,
};

/** @returns a function that answers whether one more is allowed within the present second. */
export function countPerSecond(limit: number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, count] = [now, 0];
    return ++count <= limit;
  };
}
