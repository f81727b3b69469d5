/**
 * What a booking is by what was tapped on it: `booking.standing` in SQL, for a device that cannot ask. Whatever order the
 * taps come in, the answer is the same.
 */
export const acts = ['check_in', 'undo', 'no_show'] as const;
export type Act = (typeof acts)[number];
export type Standing = 'confirmed' | 'checked_in' | 'no_show';

export interface Tap {
  /** Chosen by the device: what is sent twice is one tap. */
  id: string;
  booking_id: string;
  action: Act;
  /** ISO instant, by the device's clock. */
  at: string;
}

const later = (a: Tap, b: Tap): Tap => (a.at === b.at ? (a.id > b.id ? a : b) : a.at > b.at ? a : b);
const last = (taps: Tap[]): Act | undefined =>
  taps.length > 0 ? taps.reduce((newest, tap) => later(newest, tap)).action : undefined;

/** Who was seen was there, whatever absence was noted; an absence stands until it is taken back. */
export function standing(taps: readonly Tap[]): Standing {
  if (last(taps.filter(({ action }) => action !== 'no_show')) === 'check_in') return 'checked_in';
  return last(taps.filter(({ action }) => action !== 'check_in')) === 'no_show' ? 'no_show' : 'confirmed';
}

/** What a state the server told of becomes by taps it has not heard of, in the order they were made. */
export function onTopOf(state: Standing, unsent: readonly Tap[]): Standing {
  return unsent.reduce<Standing>((now, { action }) => {
    if (action === 'check_in') return 'checked_in';
    if (action === 'undo') return 'confirmed';
    return now === 'checked_in' ? now : 'no_show';
  }, state);
}
