/** What the lines of a cart and of an order share. */
import type { LocalisedText } from '#platform/i18n/locale.ts';

export type LineKind =
  'seat' | 'pass' | 'membership' | 'product' | 'appointment' | 'gift_card' | 'top_up' | 'tip' | 'fee';

/** A reason why a line costs less. */
export interface Discount {
  kind: string;
  label: LocalisedText;
  cents: number;
}
