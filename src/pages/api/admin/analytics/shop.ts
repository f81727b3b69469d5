/** The bar in numbers, for programs and spreadsheets. */
import { z } from 'zod';
import { periodQuery } from '#booking/pay/inputs.ts';
import { decimal } from '#booking/pay/csv.ts';
import { readPeriod } from '#platform/periods.ts';
import { today } from '#platform/clock.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { csv } from '#platform/http/csv.ts';
import { localised } from '#platform/i18n/index.ts';
import { isRefused } from '#platform/refusals.ts';
import { shopAnalytics } from '#shop/analytics/analytics.ts';

export const GET = endpoint({
  summary: 'The bar in numbers, from one day to another; format=csv for what was sold, by product',
  input: periodQuery.extend({ format: z.enum(['json', 'csv']).default('json') }),
  who: requireStaff('manager'),
  limit: 'read',
  async act({ input, context, db, locals: { business, locale, m } }) {
    const period = readPeriod(context.url.searchParams, today(business.time_zone));
    const numbers = await shopAnalytics(db, business.id, period);
    if (isRefused(numbers) || input.format === 'json') return numbers;
    const words = m.shopAnalytics;
    const money = (cents: number) => decimal(cents, business.currency);
    return csv(
      `${words.file}-${period.from}-${period.until}`,
      [words.product, words.quantity, words.net, words.cost, words.margin, words.currency],
      numbers.by_product.map((sold) => [
        localised(sold.name, locale),
        sold.quantity,
        money(sold.net_cents),
        money(sold.cost_cents),
        money(sold.net_cents - sold.cost_cents),
        business.currency,
      ]),
    );
  },
});
