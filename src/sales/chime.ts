/** Two quiet notes when an order is ready, for who asked for them. Made by the browser: nothing is loaded. */
const shelf = 'order-sound';
let audio: AudioContext | undefined;

export const isArmed = (): boolean => localStorage.getItem(shelf) === 'yes';

/** Only while somebody presses something: browsers let no page make a sound unasked. */
function open(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

export function arm(on: boolean): void {
  localStorage.setItem(shelf, on ? 'yes' : 'no');
  if (on) {
    open();
    chime();
  }
}

export function chime(): void {
  if (!isArmed()) return;
  navigator.vibrate?.([180, 90, 180]);
  if (audio?.state !== 'running') return;
  [659.25, 880].forEach((pitch, nth) => {
    if (!audio) return;
    const at = audio.currentTime + nth * 0.28;
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.25, at + 0.03);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.9);
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 1);
  });
}

/** Who asked on an earlier page has it here from their first touch on. */
export function armOnTouch(): void {
  if (isArmed()) document.addEventListener('pointerdown', open, { once: true });
}
