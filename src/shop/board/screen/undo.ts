/** What was tapped on this screen, and the way back from it. */
import type { Act } from './outbox.ts';

/** Milliseconds the way back is offered on the screen. */
const offerMs = 12_000;
const done: { acts: Act[]; label: string }[] = [];
let offer = 0;

function offerUndo(): void {
  const bar = document.getElementById('board-undo');
  const last = done.at(-1);
  if (!bar) return;
  bar.hidden = !last;
  const label = bar.querySelector('[data-what]');
  if (label && last) label.textContent = last.label;
  clearTimeout(offer);
  offer = window.setTimeout(() => (bar.hidden = true), offerMs);
}

export function remember(acts: Act[], label: string): void {
  done.push({ acts, label });
  offerUndo();
}

/** The acts that undo the last tap; null when there is none. It is not offered again. */
export function wayBack(): Act[] | null {
  const last = done.pop();
  if (!last) return null;
  offerUndo();
  return last.acts
    .map((act): Act => {
      const id = crypto.randomUUID();
      return 'to' in act ? { ...act, id, from: act.to, to: act.from } : { ...act, id, made: !act.made };
    })
    .reverse();
}
