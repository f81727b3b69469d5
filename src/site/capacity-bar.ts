/** In the browser: the bars of a session, in pictures and words, as its seats are now. */
export interface SeatsNow {
  session_id: string;
  seats_left: number;
  capacity: number;
  state: string;
}

export function showCapacity({ session_id, seats_left, capacity, state }: SeatsNow): void {
  const left = Math.max(0, seats_left);
  const off = state === 'cancelled';
  const bars = `capacity-bar[data-session="${CSS.escape(session_id)}"]`;
  for (const bar of document.querySelectorAll<HTMLElement>(bars)) {
    const { none = '', one = '', many = '', cancelled = '' } = bar.dataset;
    const words = left === 0 ? none : left === 1 ? one : many.replace('#', String(left));
    const text = bar.querySelector('.capacity-text');
    bar.className = `capacity capacity-${off ? 'off' : left === 0 ? 'full' : left <= 3 ? 'few' : 'free'}`;
    bar
      .querySelector('.capacity-fill')
      ?.setAttribute('width', String(100 - (100 * left) / Math.max(1, capacity)));
    if (text) text.textContent = off ? cancelled : words;
  }
}
