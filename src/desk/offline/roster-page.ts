/** In the browser: a roster that answers a tap at once, hears of others, and goes on without a connection. */
import { listen } from '#site/live.ts';
import { canKeep } from '#site/offline/store.ts';
import { toast } from '#site/toast.ts';
import type { Outcome } from '../check-ins.ts';
import { type Act, type Standing, onTopOf } from '../standing.ts';
import { findByName } from './finding.ts';
import { keepRosters } from './keeping.ts';
import { keepTap } from './queue.ts';
import { refreshRoster } from './refreshing.ts';
import { rowOf, rows, scanned } from './rows.ts';
import { scanCodes } from './scanning.ts';
import { isLive, keepSending, sendUnsent, sentenceOf, session, tell, unsent, user } from './unsent.ts';

function count(): void {
  const sum = document.querySelector<HTMLElement>('[data-here]');
  const sits = rows().filter((row) => /^(confirmed|checked_in|no_show)$/.test(row.dataset['state'] ?? ''));
  const here = sits.filter((row) => row.dataset['state'] === 'checked_in').length;
  const text = (sum?.dataset['here'] ?? '').replace('987', String(here)).replace('654', String(sits.length));
  if (sum && sum.textContent !== text) sum.textContent = text;
}

/** What was tapped here and not sent yet lies on top of what the page says. */
async function overlay(): Promise<void> {
  for (const [booking, taps] of Object.entries(Object.groupBy(await unsent(), (tap) => tap.booking_id))) {
    const row = rowOf(booking);
    if (row) row.dataset['state'] = onTopOf(row.dataset['state'] as Standing, taps ?? []);
  }
  count();
  await tell();
}

function hear({ booking_id, outcome, state }: Outcome): void {
  const row = rowOf(booking_id);
  if (row && state) row.dataset['state'] = state;
  if (outcome === 'applied' || outcome === 'known') return;
  toast([row?.dataset['name'], sentenceOf(outcome)].filter(Boolean).join(': '), 'error');
}

let soon = 0;
/** The page anew, once for all that was heard of in a moment. */
function refreshSoon(): void {
  clearTimeout(soon);
  soon = window.setTimeout(() => void refreshRoster().then(overlay), 250);
}

async function sendNow(): Promise<void> {
  const sent = await sendUnsent(hear);
  await overlay();
  // Also so that what is kept for the next time without a connection knows of it.
  if (sent) refreshSoon();
}

async function tap(row: HTMLElement, action: Act): Promise<void> {
  // After all that is known of this person, whatever this device's clock says.
  const at = new Date(Math.max(Date.now(), Date.parse(row.dataset['acted'] ?? '') + 1 || 0)).toISOString();
  const made = { id: crypto.randomUUID(), booking_id: row.dataset['booking'] ?? '', action, at };
  await keepTap({ ...made, session, user });
  row.dataset['acted'] = at;
  row.dataset['state'] = onTopOf(row.dataset['state'] as Standing, [made]);
  count();
  await tell();
  void sendNow();
}

/** Where a device keeps nothing, each tap is a form that is sent. */
const keeps = canKeep();

function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const button = event.submitter as HTMLButtonElement | null;
  const row = form.closest<HTMLElement>('[data-booking]');
  const action = button?.value as Act | undefined;
  if (!keeps || !form.matches('.desk-act') || !row || !action || form.dataset['plain']) return;
  event.preventDefault();
  void tap(row, action).then(
    () => row.querySelector<HTMLElement>(action === 'check_in' ? '.desk-undo' : '.desk-in')?.focus(),
    () => {
      form.dataset['plain'] = 'yes';
      form.requestSubmit(button);
    },
  );
}

/** A code that was scanned or typed: whoever it belongs to is in, or is looked for at the door. */
async function onCode(code: string): Promise<void> {
  const row = scanned(code);
  if (!row) {
    const door = document.querySelector('form.desk-find')?.getAttribute('action');
    if (door) location.assign(`${door}?who=${encodeURIComponent(code)}`);
    return;
  }
  if (row.dataset['state'] !== 'checked_in') await tap(row, 'check_in');
  toast([row.dataset['name'], row.querySelector('.desk-is-here')?.textContent.trim()].join(': '), 'success');
  row.scrollIntoView({ block: 'center' });
}

export function runRoster(): void {
  document.addEventListener('submit', onSubmit, true);
  findByName(onCode);
  scanCodes(onCode);
  void keepRosters();
  keepSending(sendNow);
  addEventListener('online', refreshSoon);
  listen(`roster:${session}`, {
    on: { roster_changed: refreshSoon },
    reload: refreshSoon,
    connected: isLive,
  });
}
