import type Stripe from 'stripe';
import { accountByIban } from '../../customers/cards.ts';
import { emit } from '../../events/events.ts';
import { invalidRequest } from '../../wire/errors.ts';
import { DELAYED_OUTCOME, deadlinesFor, timeFor, type World } from '../../world.ts';
import { createCharge } from '../charges.ts';
import { needIntent } from '../payment-intents.ts';
import { failDelayed, settle } from './settlement.ts';

/** A SEPA debit: decided at once or, as real ones are, a while after it was started. */
export function debit(
  world: World,
  id: string,
  method: Readonly<Stripe.PaymentMethod>,
  iban: string,
): Readonly<Stripe.PaymentIntent> {
  const intent = needIntent(world, id);
  if (intent.currency !== 'eur')
    throw invalidRequest('SEPA Direct Debit takes euros only.', { param: 'payment_method' });
  const account = accountByIban(iban);
  const started = createCharge(world, intent, method, { status: 'pending', captured: true, paid: false });
  const processing = world.store.paymentIntents.change(id, {
    status: 'processing',
    latest_charge: started.id,
    last_payment_error: null,
  });
  emit(world, 'charge.pending', started);
  emit(world, 'payment_intent.processing', processing, intent);
  const purpose = world.store.purposes.change(id, { delayed: account?.succeeds ? 'succeeds' : 'fails' });
  if (account?.later) awaitOutcome(world, id);
  else finishDebit(world, id, purpose.delayed === 'succeeds');
  return needIntent(world, id);
}

function awaitOutcome(world: World, id: string): void {
  const intent = needIntent(world, id);
  const at = Math.max(timeFor(world, intent.customer as string | null), intent.created) + DELAYED_OUTCOME;
  deadlinesFor(world, intent.customer as string | null).set(`debit:${id}`, at, () =>
    finishDebit(world, id, world.store.purposes.need(id).delayed === 'succeeds'),
  );
}

function finishDebit(world: World, id: string, succeeds: boolean): void {
  const intent = needIntent(world, id);
  if (intent.status !== 'processing') return;
  const method = world.store.paymentMethods.need(intent.payment_method as string);
  if (succeeds) settle(world, id, method, {});
  else failDelayed(world, id, method);
}

/** After a restart: debits still without an outcome. */
export function resumeDebits(world: World): void {
  for (const { id, delayed } of world.store.purposes.values())
    if (delayed && needIntent(world, id).status === 'processing') awaitOutcome(world, id);
}
