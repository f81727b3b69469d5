/** What was chosen about something from the bar, as it was when it was priced. */
import type { LocalisedText } from '#platform/i18n/locale.ts';

export interface Chosen {
  modifier_id: string;
  group: LocalisedText;
  name: LocalisedText;
  /** Of one, in minor units. */
  price_cents: number;
  times: number;
}

/** `Large, Oat, 2 × Extra shot`. */
export const chosenWords = (chosen: readonly Chosen[], inWords: (text: LocalisedText) => string): string =>
  chosen.map(({ name, times }) => `${times > 1 ? `${times} × ` : ''}${inWords(name)}`).join(', ');
