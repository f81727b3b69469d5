import type Stripe from 'stripe';
import { DAY } from '../../state/clock.ts';

type Recurring = Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>;

/** The moment `count` intervals after the anchor. The 31st becomes the last day of a shorter month. */
function intervalsAfter(anchor: number, { interval, interval_count }: Recurring, count: number): number {
  const steps = interval_count * count;
  if (interval === 'day') return anchor + steps * DAY;
  if (interval === 'week') return anchor + steps * 7 * DAY;
  const from = new Date(anchor * 1000);
  const months = interval === 'year' ? 12 * steps : steps;
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return Math.floor(to.getTime() / 1000);
}

/** The first end of a period after `start`, counted from the anchor so that months do not drift. */
export function periodEnd(anchor: number, recurring: Recurring, start: number): number {
  for (let count = 1; ; count++) {
    const end = intervalsAfter(anchor, recurring, count);
    if (end > start) return end;
  }
}
