/** In the browser: what has been on the screen for a moment was read. Without a script there is a button. */
const glance = 1500; // ms

export function readWhenSeen(): void {
  const seen: string[] = [];
  let sending = 0;

  async function send(): Promise<void> {
    const ids = seen.splice(0);
    const answer = await fetch('/api/members/notifications/read', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ ids }),
    }).catch(() => null);
    if (!answer?.ok) return;
    const { data } = (await answer.json()) as { data: { unread: number } };
    document.dispatchEvent(new CustomEvent('notices:unread', { detail: data.unread }));
    const button = document.getElementById('read-all');
    if (button && data.unread === 0) button.hidden = true;
  }

  const timers = new Map<Element, number>();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(timers.get(target));
        if (!isIntersecting) continue;
        const timer = window.setTimeout(() => {
          watcher.unobserve(target);
          seen.push((target as HTMLElement).dataset['notice'] ?? '');
          clearTimeout(sending);
          sending = window.setTimeout(() => void send(), 100);
        }, glance);
        timers.set(target, timer);
      }
    },
    { threshold: 0.6 },
  );
  for (const line of document.querySelectorAll('[data-notice]')) watcher.observe(line);
}
