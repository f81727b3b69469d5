/** What was chosen about something from the bar, as it was when it was priced. */
import type { Localised } from '#booking/classes.ts';

export interface Chosen {
  modifier_id: string;
  group: Localised;
  name: Localised;
  /** Of one, in minor units. */
  price_cents: number;
  times: number;
}

/** `Large, Oat, 2 × Extra shot`. */
export const chosenWords = (chosen: readonly Chosen[], inWords: (text: Localised) => string): string =>
  chosen.map(({ name, times }) => `${times > 1 ? `${times} × ` : ''}${inWords(name)}`).join(', ');
