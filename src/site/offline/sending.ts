/** In the browser: when what was kept is sent. */

export type Sent = 'sent' | 'away' | 'signed out';

/** One tab at a time; what two send all the same is one, by its id. */
export const inOneTab = <T>(lock: string, run: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? (navigator.locks.request(lock, run) as Promise<T>) : run();

const firstMs = 5000;

interface Sending {
  sendNow: () => Promise<unknown>;
  anyLeft: () => Promise<boolean>;
  tell: () => unknown;
  /** How long the pauses grow while nothing goes through; they do not grow when this is not said. */
  longestMs?: number;
  /** Asked before signing out, after a last try. */
  mayLeave?: () => Promise<boolean>;
}

/** Sends now, when the connection returns, and every few seconds while anything is kept. */
export function keepSending({ sendNow, anyLeft, tell, longestMs = firstMs, mayLeave }: Sending): void {
  let wait = firstMs;
  const round = async (): Promise<void> => {
    const before = await anyLeft();
    if (before) await sendNow();
    wait = before && (await anyLeft()) ? Math.min(wait * 2, longestMs) : firstMs;
  };
  const next = (): void => void setTimeout(() => void round().finally(next), wait);
  next();
  void sendNow();
  addEventListener('online', () => {
    wait = firstMs;
    void sendNow();
  });
  addEventListener('offline', () => void tell());
  // Whoever signs out sends first what they did: nobody else can do it for them.
  const out = document.querySelector<HTMLFormElement>('form[action="/api/auth/signout"]');
  const leave = async (): Promise<void> => {
    if (!mayLeave || (await mayLeave())) out?.submit();
  };
  out?.addEventListener('submit', (event) => {
    event.preventDefault();
    void sendNow().finally(() => void leave());
  });
}
