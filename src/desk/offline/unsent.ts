/**
 * In the browser, on every page of the desk: says what this device keeps of whoever is signed in and has not sent, and
 * sends it as soon as it can.
 */
import { type Sent, keepSending as sendEverySoOften } from '#site/offline/sending.ts';
import type { Outcome } from '../check-ins.ts';
import { keptTaps, type KeptTap } from './queue.ts';
import { send } from './sending.ts';

const note = document.getElementById('desk-unsent');
export const user = note?.dataset['user'] ?? '';
export const session = note?.dataset['session'] ?? '';
/** What stands in the way of a tap, by its name, in the page's language. */
export const sentenceOf = (refusal: string): string => {
  const sentences = JSON.parse(note?.dataset['refusals'] ?? '{}') as Record<string, string>;
  return sentences[refusal] ?? sentences['refused'] ?? '';
};

let last: Sent = 'sent';
let live = true;

export const unsent = (): Promise<KeptTap[]> => keptTaps(user);

export async function tell(): Promise<void> {
  if (!note) return;
  const kept = (await unsent()).length;
  const { one = '', many = '', away = '', signIn = '' } = note.dataset;
  const count = kept === 0 ? '' : kept === 1 ? one : many.replace('#', String(kept));
  const why = last === 'signed out' ? signIn : last === 'away' || !navigator.onLine || !live ? away : '';
  const text = [why, count].filter(Boolean).join(' ');
  if (note.textContent !== text) note.textContent = text;
}

export function isLive(connected: boolean): void {
  live = connected;
  void tell();
}

/** @returns whether anything was sent. */
export async function sendUnsent(each: (outcome: Outcome) => void = () => undefined): Promise<boolean> {
  let sent = 0;
  last = await send(user, (outcome) => {
    sent++;
    each(outcome);
  });
  await tell();
  return sent > 0;
}

/** `sendNow` runs now, when the connection returns, and every few seconds while anything is kept. */
export const keepSending = (sendNow: () => Promise<unknown>): void =>
  sendEverySoOften({ sendNow, anyLeft: async () => (await unsent()).length > 0, tell });
