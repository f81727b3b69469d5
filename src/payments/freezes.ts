/** What a freeze changes at the provider. Both jobs say how it is to be, not what to add, so they may run twice. */
import { localised } from '#platform/i18n/locale.ts';
import { readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import { refreshMembership } from './memberships.ts';
import { reachable } from './payments.ts';
import { stripe } from './stripe/client.ts';

const seconds = (at: string): number => Math.round(Date.parse(at) / 1000);

/**
 * The next charge is made when the freeze, as it stands now, says. A trial that ends then is the provider's one way to
 * move a charge within a period that is paid: https://docs.stripe.com/billing/subscriptions/billing-cycle#use-trials
 */
export async function tendFreeze(freezeId: string): Promise<void> {
  const [due] = readAnswer(await serviceDb().rpc('freeze_to_tend', { freeze_id: freezeId }, { get: true }));
  if (!due) return;
  const at = seconds(due.charge_at);
  const { items, status } = await stripe().subscriptions.retrieve(due.subscription_ref).catch(reachable);
  if (status !== 'canceled' && items.data[0]?.current_period_end !== at) {
    await stripe()
      .subscriptions.update(due.subscription_ref, { trial_end: at, proration_behavior: 'none' })
      .catch(reachable);
  }
  await refreshMembership(due.subscription_ref);
}

/** The next bill is lower (or, after an early return, higher again) by a line of its own. */
export async function sendCredit(creditId: string): Promise<void> {
  const [due] = readAnswer(await serviceDb().rpc('credit_to_send', { credit_id: creditId }, { get: true }));
  if (!due) return;
  const { customer_ref: customer, subscription_ref: subscription } = due;
  // Keys are forgotten after a day; what waits for the next bill is not.
  const waiting = await stripe().invoiceItems.list({ customer, limit: 100 }).catch(reachable);
  const item =
    waiting.data.find(({ metadata }) => metadata?.credit_id === creditId) ??
    (await stripe()
      .invoiceItems.create(
        {
          customer,
          subscription,
          amount: -due.amount_cents,
          currency: due.currency.toLowerCase(),
          description: localised(due.plan_name, due.locale === 'en' ? 'en' : 'es'),
          discountable: false,
          metadata: { credit_id: creditId },
        },
        { idempotencyKey: `credit:${creditId}` },
      )
      .catch(reachable));
  readAnswer(await serviceDb().rpc('credit_sent', { credit_id: creditId, provider_ref: item.id }));
}
