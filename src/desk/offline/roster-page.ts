/** In the browser: a roster that answers a tap at once, hears of others, and goes on without a connection. */
import { listen } from '#site/live.ts';
import { toast } from '#site/toast.ts';
import type { Outcome } from '../check-ins.ts';
import { type Act, type Standing, onTopOf } from '../standing.ts';
import { keepRosters } from './keeping.ts';
import { keepTap, keptTaps } from './queue.ts';
import { send, type Sent } from './sending.ts';
import { findByName } from './finding.ts';

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('#roster > [data-booking]')];
const rowOf = (booking: string): HTMLElement | null => document.getElementById(`b-${booking}`);
const note = (): HTMLElement | null => document.getElementById('desk-unsent');
const session = (): string => note()?.dataset['session'] ?? '';

let last: Sent = 'sent';
let live = true;

/** Says how many are here, what is kept, and whether there is a connection. */
async function tell(): Promise<void> {
  const sum = document.querySelector<HTMLElement>('[data-here]');
  const sits = rows().filter((row) => /^(confirmed|checked_in|no_show)$/.test(row.dataset['state'] ?? ''));
  const here = sits.filter((row) => row.dataset['state'] === 'checked_in').length;
  if (sum)
    sum.textContent = (sum.dataset['here'] ?? '')
      .replace('987', String(here))
      .replace('654', String(sits.length));
  const line = note();
  if (!line) return;
  const kept = (await keptTaps()).length;
  const { one = '', many = '', away = '', signIn = '' } = line.dataset;
  const unsent = kept === 0 ? '' : kept === 1 ? one : many.replace('#', String(kept));
  const why = last === 'signed out' ? signIn : last === 'away' || !navigator.onLine || !live ? away : '';
  const text = [why, unsent].filter(Boolean).join(' ');
  if (line.textContent !== text) line.textContent = text;
}

/** What was tapped here and not sent yet lies on top of what the page says. */
async function overlay(): Promise<void> {
  for (const [booking, taps] of Object.entries(Object.groupBy(await keptTaps(), (tap) => tap.booking_id))) {
    const row = rowOf(booking);
    if (row) row.dataset['state'] = onTopOf(row.dataset['state'] as Standing, taps ?? []);
  }
  await tell();
}

function hear({ booking_id, outcome, state }: Outcome): void {
  const row = rowOf(booking_id);
  if (row && state) row.dataset['state'] = state;
  if (outcome === 'applied' || outcome === 'known') return;
  const sentences = JSON.parse(note()?.dataset['refusals'] ?? '{}') as Record<string, string>;
  toast(
    [row?.dataset['name'], sentences[outcome] ?? sentences['refused']].filter(Boolean).join(': '),
    'error',
  );
}

async function sendNow(): Promise<void> {
  last = await send(hear);
  await overlay();
}

/** The page anew, without touching what somebody is in the middle of. */
async function refresh(): Promise<void> {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const list = document.getElementById('roster');
  const news = [...fresh.querySelectorAll<HTMLElement>('#roster > [data-booking]')];
  // The first or the last person changes what the page is made of.
  if (!list || news.length === 0) {
    if (list || news.length > 0) location.reload();
    return;
  }
  list.replaceChildren(
    ...news.map((row) => {
      const known = rowOf(row.dataset['booking'] ?? '');
      if (!known || !(known.contains(document.activeElement) || known.querySelector('details[open]')))
        return row;
      known.dataset['state'] = row.dataset['state'] ?? '';
      known.dataset['acted'] = row.dataset['acted'] ?? '';
      return known;
    }),
  );
  document.getElementById('desk-find')?.dispatchEvent(new Event('input'));
  await overlay();
}

async function onTap(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  const row = form.closest<HTMLElement>('[data-booking]');
  const action = (event.submitter as HTMLButtonElement | null)?.value as Act | undefined;
  if (!form.matches('.desk-act') || !row || !action) return;
  event.preventDefault();
  // After all that is known of this person, whatever this device's clock says.
  const at = new Date(Math.max(Date.now(), Date.parse(row.dataset['acted'] ?? '') + 1 || 0)).toISOString();
  row.dataset['acted'] = at;
  row.dataset['state'] = onTopOf(row.dataset['state'] as Standing, [{ id: '', booking_id: '', action, at }]);
  row.querySelector<HTMLElement>(action === 'check_in' ? '.desk-undo' : '.desk-in')?.focus();
  const tap = { id: crypto.randomUUID(), booking_id: row.dataset['booking'] ?? '', action, at };
  await keepTap({ ...tap, session: session() });
  await tell();
  await sendNow();
}

export function runRoster(): void {
  document.addEventListener('submit', (event) => void onTap(event), true);
  findByName(rows);
  void keepRosters();
  void sendNow();
  addEventListener('online', () => void sendNow().then(refresh));
  addEventListener('offline', () => void tell());
  setInterval(() => {
    void keptTaps().then((kept) => (kept.length > 0 ? sendNow() : undefined));
  }, 5000);
  let soon = 0;
  const refreshSoon = (): void => {
    clearTimeout(soon);
    soon = window.setTimeout(() => void refresh(), 250);
  };
  listen(`roster:${session()}`, {
    on: { roster_changed: refreshSoon },
    reload: refreshSoon,
    connected(connected) {
      live = connected;
      void tell();
    },
  });
}
