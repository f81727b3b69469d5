import type Stripe from 'stripe';
import { updateCustomer } from '../customers/customers.ts';
import { emit } from '../events/events.ts';
import { attemptPayment } from '../invoicing/collecting.ts';
import type { World } from '../world.ts';

/** A card saved in the portal becomes the usual one, also for running plans, and what is overdue is tried again. */
export function portalCardSaved(world: World, setup: Readonly<Stripe.SetupIntent>): void {
  if (world.store.purposes.get(setup.id)?.portal === undefined) return;
  const customer = setup.customer as string;
  const method = setup.payment_method as string;
  updateCustomer(world, customer, { invoice_settings: { default_payment_method: method } });
  for (const before of world.store.subscriptions.values()) {
    if (before.customer !== customer || before.default_payment_method === null) continue;
    if (['canceled', 'incomplete_expired'].includes(before.status)) continue;
    const after = world.store.subscriptions.change(before.id, { default_payment_method: method });
    emit(world, 'customer.subscription.updated', after, before);
  }
  for (const invoice of world.store.invoices.values())
    if (invoice.customer === customer && invoice.status === 'open') attemptPayment(world, invoice.id);
}
