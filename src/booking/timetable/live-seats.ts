/** In the browser: seats that change elsewhere change here, in the capacity bars and in what can be done. */
import { type SeatsNow, showCapacity } from '#site/capacity-bar.ts';
import { listen } from '#site/live.ts';

interface Seats extends SeatsNow {
  version: number;
}

function show(seats: Seats): void {
  const lines = document.querySelectorAll<HTMLElement>(
    `[data-version][data-session="${CSS.escape(seats.session_id)}"]`,
  );
  let newer = false;
  for (const line of lines) {
    // Messages may be late; the server counts every change.
    if (Number(line.dataset['version']) >= seats.version) continue;
    newer = true;
    line.dataset['version'] = String(seats.version);
    const free = seats.seats_left > 0 && seats.state === 'scheduled';
    for (const part of line.querySelectorAll<HTMLElement>('[data-seat]')) {
      // A button that somebody is about to press does not vanish under the finger without a word: it says "Full".
      part.hidden = (part.dataset['seat'] === 'free') !== free;
    }
  }
  if (!newer) return;
  showCapacity(seats);
  // Whoever else shows something of this session looks anew: its waitlist, the grid of a week.
  document.dispatchEvent(new CustomEvent('seats_changed', { detail: seats }));
}

/** Maps of rooms on the page hear of their spots by the same way. */
const tellMaps = (what: 'spots_changed' | 'spots_unsure', detail?: unknown) =>
  void document.dispatchEvent(new CustomEvent(what, { detail }));

async function fetchSeats(): Promise<void> {
  tellMaps('spots_unsure');
  const from = new Date(Date.now() - 12 * 3_600_000).toISOString();
  const until = new Date(Date.now() + 14 * 86_400_000).toISOString();
  const answer = await fetch(`/api/yoga/classes?from=${from}&until=${until}&limit=200`).catch(() => null);
  if (!answer?.ok) return;
  const { data } = (await answer.json()) as { data: Seats[] };
  data.forEach(show);
}

/** Begins to listen when the page shows sessions that are still to come. */
export function listenToSeats(): void {
  if (!document.querySelector('[data-version]')) return;
  const note = document.getElementById('live-note');
  listen('timetable', {
    on: {
      state(rows: Seats[]) {
        rows.forEach(show);
        tellMaps('spots_unsure');
      },
      seats_changed: show,
      spots_changed: (spots: unknown) => tellMaps('spots_changed', spots),
    },
    reload: () => void fetchSeats(),
    connected(live) {
      if (note) note.textContent = live ? '' : (note.dataset['text'] ?? '');
    },
  });
}
