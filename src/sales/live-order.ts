/** In the browser: an order that changes elsewhere changes here. Its part of the page is fetched anew and put in place. */
import { listen } from '#site/live.ts';
import { arm, armOnTouch, chime, isArmed } from './chime.ts';

const quickMs = 4000;

let busy = false;

async function refresh(): Promise<void> {
  const old = document.getElementById('order');
  if (!old || busy) return;
  busy = true;
  const page = await fetch(location.pathname, { headers: { accept: 'text/html' } })
    .then((answer) => (answer.ok ? answer.text() : null))
    .catch(() => null);
  busy = false;
  const read = page && new DOMParser().parseFromString(page, 'text/html');
  const fresh = read && read.getElementById('order');
  if (!fresh || fresh.dataset['stand'] === old.dataset['stand']) return;
  old.replaceWith(fresh);
  document.title = read.title;
  if (fresh.dataset['ready'] && !old.dataset['ready']) chime();
  const said = document.getElementById('order-said');
  if (said) said.textContent = fresh.querySelector('h1')?.textContent ?? '';
}

/** Prints from a button, where there is a script to do it. */
function offerPrint(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-print]')) button.hidden = false;
}

function offerSound(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-sound]')) {
    button.hidden = typeof AudioContext !== 'function';
    button.setAttribute('aria-pressed', String(isArmed()));
  }
}

export function followOrder(): void {
  const order = document.getElementById('order');
  if (!order) return;
  const offer = () => {
    offerPrint();
    offerSound();
  };
  const again = () => void refresh().then(offer);
  offer();
  armOnTouch();
  document.addEventListener('click', (event) => {
    const pressed = event.target as Element;
    if (pressed.closest('[data-print]')) print();
    if (pressed.closest('[data-sound]')) {
      arm(!isArmed());
      offerSound();
    }
  });
  listen(`order:${order.dataset['order'] ?? ''}`, {
    on: { order_changed: again },
    reload: again,
    // The bar may be done while they look at something else.
    always: order.dataset['bar'] !== undefined,
  });
  // The hold ended: the page says so, and what can be done about it.
  document.addEventListener('hold_over', again);
  // The provider's word may come to another process first; a person who waits for it is not left waiting.
  window.setInterval(() => {
    if (!document.hidden && document.getElementById('order')?.dataset['phase'] === 'confirming') again();
  }, quickMs);
}
