import { setTimeout as pause } from 'node:timers/promises';

/** `work`, answered no sooner than after `ms`: how long it took must not tell what was found. */
export async function evenly<T>(work: Promise<T>, ms = 500): Promise<T> {
  const [result] = await Promise.all([work, pause(ms)]);
  return result;
}
