/** In the browser: taps that were made and not sent yet. */
import { type Kept, storeIn } from '#site/offline/store.ts';
import type { Tap } from '../standing.ts';

/** `user`: who tapped. */
export interface KeptTap extends Tap, Kept {
  session: string;
}

export const { of: keptTaps, put: keepTap, drop: dropTap } = storeIn<KeptTap>('atrium-desk', 'taps');
