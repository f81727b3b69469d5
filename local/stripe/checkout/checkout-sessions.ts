import type Stripe from 'stripe';
import { expireIncomplete } from '../subscriptions/time/ending.ts';
import { chooseDiscount, type ChosenDiscount } from '../catalogue/discounts.ts';
import { needCoupon } from '../catalogue/coupons.ts';
import { emit } from '../events/events.ts';
import { checkAmount } from '../payments/amounts.ts';
import { cancel } from '../payments/capturing.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range, wholeList } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, metadata, oneOf, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { discountLines, makeLines } from './line-items.ts';
import { createSessionParams } from './session-params.ts';
import { checkParams, newSession } from './new-session.ts';

type Session = Stripe.Checkout.Session;
type Params = Stripe.Checkout.SessionCreateParams;

function createSession(world: World, params: Params): Session {
  const mode = params.mode ?? 'payment';
  checkParams(world, params, mode);
  const made = makeLines(world, params, mode);
  const subtotal = made.reduce((sum, { amount_subtotal }) => sum + amount_subtotal, 0);
  const currency = made[0]?.currency ?? params.currency?.toLowerCase() ?? null;
  const given = params.discounts?.[0];
  const discount =
    given &&
    chooseDiscount(world, given as { coupon?: string; promotion_code?: string }, {
      customer: params.customer ?? null,
      amount: subtotal,
      currency: currency ?? '',
    });
  const lines = discountLines(made, discount?.coupon ?? null);
  const trial =
    params.subscription_data?.trial_period_days !== undefined ||
    params.subscription_data?.trial_end !== undefined;
  // A trial is free; what is bought once beside it is not.
  const due = trial ? lines.filter(({ price }) => !price?.recurring) : lines;
  const total = due.reduce((sum, { amount_total }) => sum + amount_total, 0);
  if (mode === 'payment' && total > 0) checkAmount(total, currency ?? '', 'line_items');
  const session = world.store.checkoutSessions.put(
    newSession(world, params, { mode, subtotal, total, currency, discount }),
  );
  world.store.checkoutPlans.put({
    id: session.id,
    lines,
    paymentIntentData: params.payment_intent_data ?? null,
    subscriptionData: params.subscription_data ?? null,
    setupIntentData: params.setup_intent_data ?? null,
    coupon: discount?.coupon.id ?? null,
    promotionCode: discount?.promotionCode ?? null,
    typed: { email: params.customer_email ?? '', name: '', number: '', expiry: '' },
    subscription: null,
  });
  awaitExpiry(world, session);
  return session;
}

/** Recomputes what a promotion code typed on the hosted page changes. */
export function applyDiscount(world: World, id: string, discount: ChosenDiscount | null): void {
  const plan = world.store.checkoutPlans.need(id);
  const lines = discountLines(plan.lines, discount && needCoupon(world, discount.coupon.id));
  const total = lines.reduce((sum, { amount_total }) => sum + amount_total, 0);
  const session = world.store.checkoutSessions.need(id);
  const subtotal = session.amount_subtotal ?? 0;
  world.store.checkoutPlans.change(id, {
    lines,
    coupon: discount?.coupon.id ?? null,
    promotionCode: discount?.promotionCode ?? null,
  });
  world.store.checkoutSessions.change(id, {
    amount_total: total,
    discounts: discount ? [{ coupon: discount.coupon.id, promotion_code: discount.promotionCode }] : [],
    payment_status: total === 0 ? 'no_payment_required' : 'unpaid',
    total_details: { amount_discount: subtotal - total, amount_shipping: 0, amount_tax: 0 },
  });
}

function awaitExpiry(world: World, { id, expires_at }: Readonly<Session>): void {
  world.deadlines.set(`checkout:${id}`, expires_at, () => {
    if (world.store.checkoutSessions.get(id)?.status === 'open') expireSession(world, id);
  });
}

/** After a restart: sessions that are still open. */
export function resumeSessions(world: World): void {
  for (const session of world.store.checkoutSessions.values())
    if (session.status === 'open') awaitExpiry(world, session);
}

export function expireSession(world: World, id: string): Readonly<Session> {
  const before = needSession(world, id);
  if (before.status !== 'open')
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${String(before.status)}.`,
      { code: 'resource_invalid_state' },
    );
  const after = world.store.checkoutSessions.change(id, { status: 'expired', url: null });
  world.deadlines.clear(`checkout:${id}`);
  const intent = world.store.paymentIntents.get(before.payment_intent as string | null);
  if (intent && !['succeeded', 'canceled', 'processing'].includes(intent.status))
    cancel(world, intent.id, 'expired');
  const { subscription } = world.store.checkoutPlans.need(id);
  if (subscription !== null) expireIncomplete(world, subscription);
  emit(world, 'checkout.session.expired', after);
  return after;
}

export function needSession(world: World, id: string): Readonly<Session> {
  const session = world.store.checkoutSessions.get(id);
  if (!session) throw noSuch('checkout.session', id);
  return session;
}

const listParams = fields<Stripe.Checkout.SessionListParams>({
  ...paging,
  created: range,
  customer: text,
  customer_details: fields<Stripe.Checkout.SessionListParams.CustomerDetails>({ email: text }),
  payment_intent: text,
  status: oneOf('complete', 'expired', 'open'),
  subscription: text,
});

function listSessions(world: World, params: Stripe.Checkout.SessionListParams, path: string) {
  return listPage(
    world.store.checkoutSessions,
    path,
    params,
    (session) =>
      session.customer === (params.customer ?? session.customer) &&
      session.payment_intent === (params.payment_intent ?? session.payment_intent) &&
      session.subscription === (params.subscription ?? session.subscription) &&
      session.status === (params.status ?? session.status) &&
      (params.customer_details === undefined ||
        session.customer_details?.email === params.customer_details.email) &&
      inRange(session.created, params.created),
  );
}

export const checkoutSessionRoutes: Route[] = [
  route('POST', '/checkout/sessions', createSessionParams, ({ world, params }) =>
    createSession(world, params),
  ),
  route('GET', '/checkout/sessions', listParams, ({ world, params, path }) =>
    listSessions(world, params, path),
  ),
  route('GET', '/checkout/sessions/:id', noParams, ({ world }, id) => needSession(world, id)),
  route(
    'POST',
    '/checkout/sessions/:id',
    fields<Stripe.Checkout.SessionUpdateParams>({ metadata }),
    ({ world, params }, id) => world.store.checkoutSessions.change(id, merge(needSession(world, id), params)),
  ),
  route('POST', '/checkout/sessions/:id/expire', noParams, ({ world }, id) => expireSession(world, id)),
  route(
    'GET',
    '/checkout/sessions/:id/line_items',
    fields<Stripe.Checkout.SessionListLineItemsParams>(paging),
    ({ world, path }, id) => {
      needSession(world, id);
      return wholeList(world.store.checkoutPlans.need(id).lines, path);
    },
  ),
];
