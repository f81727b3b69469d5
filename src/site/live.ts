/** The browser's end of /api/live. Usage: see `listen`. */

export interface Live {
  /** What to do with each event, by its name; `state` is what was known at the start, and again after a gap. */
  on: Record<string, (data: never) => void>;
  /** Called every few seconds while there is no connection: fetch the page's fragment anew. */
  reload(): void;
  /** Tells the page whether changes arrive by themselves, to show or hide its "reconnecting" note. */
  connected?(live: boolean): void;
  /** Also while nobody looks at the page: for what tells by title or sound, and for a board on the wall. */
  always?: boolean;
}

const reloadMs = 5000;
const patienceMs = 3000;
const longestMs = 60_000;

/** Listens to `timetable`, `order:<id>`, `roster:<id>`, `board:<location>`, `sale:<id>` or `member` while the page is looked at. @returns how to stop. */
export function listen(topic: string, live: Live): () => void {
  let source: EventSource | undefined;
  let reloading = 0;
  let retrying = 0;
  let tries = 0;

  const cutOff = () => {
    reloading ||= window.setTimeout(function again() {
      live.connected?.(false);
      live.reload();
      reloading = window.setTimeout(again, reloadMs);
    }, patienceMs);
  };
  const stop = () => {
    clearTimeout(reloading);
    clearTimeout(retrying);
    reloading = retrying = 0;
    source?.close();
    source = undefined;
  };
  const start = () => {
    const opened = (source = new EventSource(`/api/live?topic=${encodeURIComponent(topic)}`));
    opened.onopen = () => {
      clearTimeout(reloading);
      reloading = tries = 0;
      live.connected?.(true);
    };
    opened.onerror = () => {
      cutOff();
      // The browser comes back by itself after a broken connection, not after a refusal.
      if (opened.readyState === EventSource.CLOSED) {
        retrying = window.setTimeout(start, Math.min(reloadMs * 2 ** tries++, longestMs));
      }
    };
    for (const [name, handle] of Object.entries(live.on)) {
      opened.addEventListener(name, (event) => handle(JSON.parse(event.data) as never));
    }
  };
  // A browser has few connections for one site: pages that nobody looks at give theirs back.
  const look = () => {
    if (document.hidden && !live.always) stop();
    else if (!source) start();
  };

  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', stop);
  addEventListener('pageshow', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    removeEventListener('pagehide', stop);
    removeEventListener('pageshow', look);
    stop();
  };
}
