/** In the browser: the bell in the header counts what comes while the page is open, and says what it was. */
import { listen } from './live.ts';
import { toast } from './toast.ts';

// Whoever goes on to the next page at once need not be listened for.
const patienceMs = 1200;

export function ringBell(): void {
  const bell = document.querySelector<HTMLElement>('[data-bell]');
  const badge = bell?.querySelector<HTMLElement>('[data-bell-count]');
  const number = badge?.querySelector('.frame-count');
  if (!bell || !badge || !number) return;
  let unread = Number(bell.dataset['bell']);

  const show = (count: number) => {
    unread = count;
    badge.hidden = count === 0;
    number.textContent = count > 99 ? '99+' : String(count);
  };

  async function tell(): Promise<void> {
    const answer = await fetch('/api/members/notifications?limit=1', {
      headers: { accept: 'application/json' },
    }).catch(() => null);
    const newest = answer?.ok ? ((await answer.json()) as { data: { title: string }[] }).data[0] : undefined;
    if (newest) toast(newest.title);
  }

  document.addEventListener('notices:unread', (event) => show((event as CustomEvent<number>).detail));
  if (bell.dataset['live'] === undefined) return;
  window.setTimeout(() => {
    listen('member', {
      on: {
        state: (known: { unread: number }) => show(known.unread),
        notices_read: (known: { unread: number }) => show(known.unread),
        notified() {
          show(unread + 1);
          void tell();
        },
      },
      // A number that is a little old does no harm: the next page brings the right one.
      reload() {},
    });
  }, patienceMs);
}
