import type Stripe from 'stripe';
import { noSuch } from '../wire/errors.ts';
import { paging, wholeList } from '../lists/lists.ts';
import { fields, metadata, oneOf, required, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { prorationBehavior } from './params.ts';
import { needSubscription } from './subscriptions.ts';
import { updateSubscription } from './changes/updating.ts';

function find(world: World, id: string): { subscription: string; item: Stripe.SubscriptionItem } {
  for (const { id: subscription, items } of world.store.subscriptions.newestFirst()) {
    const item = items.data.find((each) => each.id === id);
    if (item) return { subscription, item };
  }
  throw noSuch('subscription_item', id);
}

/** One item changed on its own is a change of its subscription. */
function change(
  world: World,
  subscription: string,
  item: Stripe.SubscriptionUpdateParams.Item,
  how: Pick<Stripe.SubscriptionUpdateParams, 'proration_behavior' | 'proration_date' | 'payment_behavior'>,
): Readonly<Stripe.Subscription> {
  return updateSubscription(world, subscription, { items: [item], ...how });
}

const how = {
  payment_behavior: oneOf('allow_incomplete', 'error_if_incomplete'),
  proration_behavior: prorationBehavior,
  proration_date: whole,
};

export const subscriptionItemRoutes: Route[] = [
  route(
    'POST',
    '/subscription_items',
    fields<Stripe.SubscriptionItemCreateParams>({
      ...how,
      metadata,
      price: required(text),
      quantity: whole,
      subscription: required(text),
    }),
    ({ world, params }) => {
      const { subscription, proration_behavior, proration_date, payment_behavior, ...item } = params;
      const after = change(
        world,
        subscription,
        item as Stripe.SubscriptionUpdateParams.Item,
        given({ proration_behavior, proration_date, payment_behavior }),
      );
      return after.items.data.at(-1) as Stripe.SubscriptionItem;
    },
  ),
  route(
    'GET',
    '/subscription_items',
    fields<Stripe.SubscriptionItemListParams>({ ...paging, subscription: required(text) }),
    ({ world, params, path }) =>
      wholeList(needSubscription(world, params.subscription, 'subscription').items.data, path),
  ),
  route('GET', '/subscription_items/:id', noParams, ({ world }, id) => find(world, id).item),
  route(
    'POST',
    '/subscription_items/:id',
    fields<Stripe.SubscriptionItemUpdateParams>({ ...how, metadata, price: text, quantity: whole }),
    ({ world, params }, id) => {
      const { proration_behavior, proration_date, payment_behavior, ...item } = params;
      const { subscription } = find(world, id);
      change(
        world,
        subscription,
        { id, ...(item as Stripe.SubscriptionUpdateParams.Item) },
        given({ proration_behavior, proration_date, payment_behavior }),
      );
      return find(world, id).item;
    },
  ),
  route(
    'DELETE',
    '/subscription_items/:id',
    fields<Stripe.SubscriptionItemDeleteParams>({
      proration_behavior: prorationBehavior,
      proration_date: whole,
    }),
    ({ world, params }, id) => {
      change(world, find(world, id).subscription, { id, deleted: true }, given(params));
      return { id, object: 'subscription_item', deleted: true } satisfies Stripe.DeletedSubscriptionItem;
    },
  ),
];

type How = Parameters<typeof change>[3];

/** Without what was not given. */
function given(params: { [K in keyof How]?: How[K] | undefined }): How {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}
