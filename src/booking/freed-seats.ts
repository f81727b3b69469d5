/** What follows when seats come free, or a class is called off. Decided in SQL, one seat a transaction; the worker repeats it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';

/** How long whoever is next is left alone while they book something else. */
const busyMs = 100;

/** More turns than a class has seats: a guard, not a limit anybody reaches. */
const mostTurns = 10_000;

/** Gives free seats to those who wait, in their order, until none is left to give or nobody may be asked now. */
export async function advanceWaitlist(sessionId: string): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    const outcome = readAnswer(await serviceDb().rpc('advance_waitlist', { session_id: sessionId }));
    if (outcome === 'busy') await sleep(busyMs);
    else if (outcome !== 'promoted' && outcome !== 'offered') return;
  }
}

/** Gives back every place of a class that was called off, and tells whoever had one. */
export async function emptySession(sessionId: string, reason: string): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    const done = readAnswer(await serviceDb().rpc('empty_session', { session_id: sessionId, reason }));
    if (done === 0) return;
  }
}
