/** In the browser: `<count-down>` of Countdown.astro ticks, wherever it is put into a page. */
class CountDown extends HTMLElement {
  #timer = 0;
  connectedCallback() {
    const end = Date.parse(this.dataset['until'] ?? '');
    const line = this.querySelector('.countdown');
    const clock = this.querySelector<HTMLElement>('.countdown-clock');
    if (!line || !clock) return;
    const tick = () => {
      const seconds = Math.ceil((end - Date.now()) / 1000);
      if (seconds > 0) {
        clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
        return;
      }
      clearInterval(this.#timer);
      line.className = 'countdown countdown-over';
      line.setAttribute('role', 'status');
      line.textContent = this.dataset['over'] ?? '';
      this.dispatchEvent(new Event('hold_over', { bubbles: true }));
    };
    clock.hidden = false;
    this.#timer = window.setInterval(tick, 1000);
    tick();
  }
  disconnectedCallback() {
    clearInterval(this.#timer);
  }
}
customElements.define('count-down', CountDown);
