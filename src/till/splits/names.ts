import type { Messages } from '#platform/i18n/index.ts';
import type { SalePart } from '../tills.ts';

/** What a part was paid with, in words. */
export const partName = ({ way, ending }: Pick<SalePart, 'way' | 'ending'>, m: Messages): string =>
  way === 'gift_card' ? m.giftCards.tenders.card({ ending: ending ?? '' }) : m.till.pay[way];
