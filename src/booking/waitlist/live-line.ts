/** In the browser: the place in line stays true, and an offer appears by itself. */
// An offer may come to a page that had none when it was made.
import '#site/count-down.ts';

interface Entry {
  entry_id: string;
  session_id: string;
  state: string;
  position: number | null;
}

/** A line may be long: not everybody in it asks in the same instant. */
const jitterMs = 2000;
let asking = 0;

const panel = () => document.querySelector<HTMLElement>('[data-waitlist]');

async function refresh(): Promise<void> {
  asking = 0;
  const old = panel();
  // What somebody is choosing just now is not taken from under their hands.
  if (!old || (old.contains(document.activeElement) && document.activeElement?.matches('select, input')))
    return;
  const page = await fetch(location.pathname, { headers: { accept: 'text/html' } })
    .then((answer) => (answer.ok ? answer.text() : null))
    .catch(() => null);
  const fresh = page && new DOMParser().parseFromString(page, 'text/html').querySelector('.session-panel');
  if (fresh) old.closest('.session-panel')?.replaceWith(fresh);
}

/** Asks for the own places only; the panel is fetched anew when they changed. */
async function look(): Promise<void> {
  asking = 0;
  const here = panel();
  if (!here) return;
  const answer = await fetch('/api/yoga/waitlist').catch(() => null);
  if (!answer?.ok) return;
  const { data } = (await answer.json()) as { data: Entry[] };
  const mine = data.filter(
    (entry) => entry.session_id === here.dataset['waitlist'] && /waiting|offered/.test(entry.state),
  );
  const stand = mine
    .map(({ entry_id, state, position }) => `${entry_id} ${state} ${position ?? ''}`)
    .sort()
    .join();
  if (stand === here.dataset['stand']) return;
  here.dataset['stand'] = stand;
  await refresh();
}

export function followLine(): void {
  const here = panel();
  if (!here) return;
  document.addEventListener('seats_changed', (event) => {
    const { session_id } = (event as CustomEvent<{ session_id: string }>).detail;
    if (session_id !== panel()?.dataset['waitlist'] || asking || !panel()?.dataset['stand']) return;
    asking = window.setTimeout(() => void look(), Math.random() * jitterMs);
  });
  document.addEventListener('hold_over', () => void refresh());
}
