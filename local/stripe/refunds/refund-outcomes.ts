import type Stripe from 'stripe';
import { recordMovement } from '../balance/balance-transactions.ts';
import { behaviourOf } from '../customers/cards.ts';
import { emit } from '../events/events.ts';
import { DELAYED_OUTCOME, type World } from '../world.ts';
import { needCharge } from '../payments/charges.ts';

export function awaitOutcome(world: World, refund: Readonly<Stripe.Refund>): void {
  world.deadlines.set(`refund:${refund.id}`, refund.created + DELAYED_OUTCOME, () => {
    if (world.store.refunds.need(refund.id).status === 'pending') succeedLater(world, refund.id);
    else failLater(world, refund.id);
  });
}

/** After a restart: refunds whose last word is not spoken. */
export function resumeRefunds(world: World): void {
  for (const refund of world.store.refunds.values()) {
    const number = world.store.instruments.get(refund.payment_method as string | null)?.number;
    const behaviour = behaviourOf(number).refund;
    const undecided =
      (behaviour === 'succeeds_later' && refund.status === 'pending') ||
      (behaviour === 'fails_later' && refund.status === 'succeeded');
    if (undecided) awaitOutcome(world, refund);
  }
}

function succeedLater(world: World, id: string): void {
  const before = world.store.refunds.need(id);
  const after = world.store.refunds.change(id, { status: 'succeeded' });
  emit(world, 'refund.updated', after, before);
  emit(world, 'charge.refund.updated', after, before);
}

/** The bank sends the money back to us; the charge counts as not refunded by that much. */
function failLater(world: World, id: string): void {
  const before = world.store.refunds.need(id);
  const charge = needCharge(world, before.charge as string);
  const transaction = recordMovement(world, {
    type: 'refund_failure',
    amount: before.amount,
    currency: before.currency,
    source: id,
    description: `REFUND FAILURE FOR CHARGE (${charge.id})`,
    now: true,
  });
  const after = world.store.refunds.change(id, {
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
    failure_balance_transaction: transaction.id,
  });
  const unrefunded = world.store.charges.change(charge.id, {
    amount_refunded: charge.amount_refunded - before.amount,
    refunded: false,
  });
  emit(world, 'refund.failed', after, before);
  emit(world, 'charge.refund.updated', after, before);
  emit(world, 'charge.updated', unrefunded, charge);
}
