import type Stripe from 'stripe';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';

/** Minor units by currency: what could be paid out now, and what is still on its way. */
export function balanceOf(world: World): { available: Map<string, number>; pending: Map<string, number> } {
  const [available, pending] = [new Map<string, number>(), new Map<string, number>()];
  for (const { available_on, currency, net } of world.store.balanceTransactions.values()) {
    const side = available_on <= world.clock.now() ? available : pending;
    side.set(currency, (side.get(currency) ?? 0) + net);
  }
  return { available, pending };
}

const amounts = (side: Map<string, number>) =>
  [...side].map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }));

export const balanceRoutes: Route[] = [
  route('GET', '/balance', noParams, ({ world }) => {
    const { available, pending } = balanceOf(world);
    return {
      object: 'balance',
      available: amounts(available),
      livemode: false,
      pending: amounts(pending),
    } satisfies Stripe.Balance;
  }),
];
