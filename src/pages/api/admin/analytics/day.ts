/** A day's books, from the orders and from the ledger. */
import { z } from 'zod';
import { calendarDay } from '#platform/inputs.ts';
import { decimal } from '#booking/pay/csv.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { csv } from '#platform/http/csv.ts';
import { isRefused } from '#platform/refusals.ts';
import { type Compared, dayClose } from '#shop/analytics/analytics.ts';

export const GET = endpoint({
  summary: 'The books of one day, added up from orders and from the ledger; format=csv for a file',
  input: z.object({ on: calendarDay, format: z.enum(['json', 'csv']).default('json') }),
  who: requireStaff('manager'),
  limit: 'read',
  async act({ input, db, locals: { business, m } }) {
    const day = await dayClose(db, business.id, input.on);
    if (isRefused(day) || input.format === 'json') return day;
    const words = m.shopAnalytics.day;
    const money = (cents: number) => decimal(cents, business.currency);
    const rows = (part: string, of: Compared[]) =>
      of.map(({ name, orders_cents, ledger_cents }) => [
        part,
        name,
        money(orders_cents),
        money(ledger_cents),
      ]);
    return csv(
      `${words.file}-${input.on}`,
      [words.part, words.what, words.orders, words.ledger],
      [
        ...rows(words.taken, day.taken),
        ...rows(words.givenBack, day.given_back),
        ...rows(words.tax, day.tax),
        [words.earned, '', money(day.earned_orders_cents), money(day.earned_ledger_cents)],
      ],
    );
  },
});
