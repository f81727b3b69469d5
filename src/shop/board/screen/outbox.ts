/** Taps on their way: kept until they are answered, sent in their order, each as often as it takes. */
import type { Mark, Outcome, Step } from '../tickets.ts';

export type Act = Step | Mark;

const retryMs = 2000;

export interface Outbox {
  readonly waiting: readonly Act[];
  put(acts: Act[]): void;
  send(): Promise<void>;
}

function kept(shelf: string): Act[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(shelf) ?? '[]');
    return Array.isArray(found) ? (found as Act[]) : [];
  } catch {
    return [];
  }
}

/**
 * @param user    whose taps they are: nobody else's session sends them
 * @param hear    each answer, in the order of the taps
 * @param changed what waits has changed
 * @param refused the whole was turned away (signed out, another role): the taps are let go
 */
export function outbox(
  user: string,
  hear: (outcomes: Outcome[]) => void,
  changed: () => void,
  refused: (sentence: string) => void,
): Outbox {
  const shelf = `board-taps ${user}`;
  let waiting = kept(shelf);
  let sending = false;
  let again = 0;

  const keep = (acts: Act[]) => {
    waiting = acts;
    sessionStorage.setItem(shelf, JSON.stringify(acts));
    changed();
  };

  async function send(): Promise<void> {
    if (sending || waiting.length === 0) return;
    clearTimeout(again);
    sending = true;
    const acts = waiting.slice(0, 100);
    const answer = await fetch('/api/coffee/board', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ acts }),
    }).catch(() => null);
    const body = (await answer?.json().catch(() => null)) as { data?: Outcome[]; error?: string } | null;
    sending = false;
    if (answer?.ok && body?.data) {
      const done = new Set(acts.map(({ id }) => id));
      waiting = waiting.filter(({ id }) => !done.has(id));
      hear(body.data);
      keep(waiting);
      return send();
    }
    if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
      keep([]);
      return refused(body?.error ?? '');
    }
    changed();
    again = window.setTimeout(() => void send(), retryMs);
  }

  addEventListener('online', () => void send());
  return {
    get waiting() {
      return waiting;
    },
    put(acts) {
      keep([...waiting, ...acts]);
      void send();
    },
    send,
  };
}
