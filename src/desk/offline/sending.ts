/** In the browser: sends what was kept, once there is a connection. A tap leaves the device's memory when it was answered. */
import { type Sent, inOneTab } from '#site/offline/sending.ts';
import type { Outcome } from '../check-ins.ts';
import { dropTap, keptTaps } from './queue.ts';

/** A name of this device's own, for the record of who tapped where. */
function device(): string {
  const known = localStorage.getItem('desk-device') ?? crypto.randomUUID().slice(0, 8);
  localStorage.setItem('desk-device', known);
  return known;
}

async function sendAll(user: string, each: (outcome: Outcome) => void): Promise<Sent> {
  for (;;) {
    const kept = (await keptTaps(user)).slice(0, 200);
    if (kept.length === 0) return 'sent';
    const answer = await fetch('/api/desk/check-ins', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        // Whoever else is signed in on this device by now is not who tapped: the server refuses it.
        tapped_by: user,
        device: device(),
        actions: kept.map(({ id, booking_id, action, at }) => ({ id, booking_id, action, at })),
      }),
    }).catch(() => null);
    if (answer && [401, 403, 409].includes(answer.status)) return 'signed out';
    if (!answer?.ok) return 'away';
    for (const outcome of ((await answer.json()) as { data: Outcome[] }).data) {
      await dropTap(outcome.id);
      each(outcome);
    }
  }
}

export const send = (user: string, each: (outcome: Outcome) => void): Promise<Sent> =>
  inOneTab('desk-sending', () => sendAll(user, each));
