/** When cancelling costs nothing, and what is given back later, in a customer's words. */
import type { Messages } from '#platform/i18n/index.ts';

export interface Policy {
  price_cents: number;
  free_cancel_hours: number;
  late_refund_percent: number;
}

/** The sentences, in order. A class that costs nothing has nothing to give back. */
export function policySentences(policy: Policy, m: Messages): string[] {
  const { policy: words } = m.booking;
  if (policy.price_cents === 0) return [words.gratis];
  const percent = policy.late_refund_percent;
  const late =
    percent === 0 ? words.lateNothing : percent === 100 ? words.lateAll : words.latePart({ percent });
  return policy.free_cancel_hours === 0
    ? [words.free({ hours: 0 })]
    : [words.free({ hours: policy.free_cancel_hours }), late];
}
