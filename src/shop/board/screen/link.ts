/** The note above the tickets: whether the board hears of others, and how many taps are not sent yet. */
import { say } from './page.ts';

let connected = true;

/** @param live as it is from now on; left out, as it was. */
export function tellLink(unsent: number, live: boolean = connected): void {
  connected = live;
  const note = document.getElementById('board-link');
  if (!note) return;
  note.dataset['live'] = String(connected);
  const text = [connected ? say('live') : say('offline'), unsent > 0 && `${unsent} ${say('unsent')}`];
  const words = text.filter(Boolean).join(' · ');
  // Said once: what goes by in a moment is not worth interrupting somebody.
  if (note.textContent !== words) note.textContent = words;
}
