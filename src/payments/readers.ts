/** Payments at a card reader: handed over, looked up, ended. What they do is decided in SQL, as for any other payment. */
import { readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import type { PaymentFacts } from './facts.ts';
import { type Outcome, reachable, receiveEvent } from './receiving.ts';
import { askIntent, handToReader, openIntent, stopAtReader } from './stripe/terminal.ts';

/** A row of `api.reader_work`. */
export interface ReaderWork {
  order_id: string;
  business_id: string;
  payment_id: string;
  /** Stripe's PaymentIntent; null until there is one. */
  provider_ref: string | null;
  reader_ref: string;
  simulated: boolean;
  amount_cents: number;
  currency: string;
  /** It may still be paid. */
  open: boolean;
  /** No later sale has taken the reader. */
  at_reader: boolean;
  tries: number;
  sent_at: string;
}

/** Null where there is nothing to pay, or no such sale. */
export async function workAtReader(
  which: { sale_id: string } | { attempt_id: string },
): Promise<ReaderWork | null> {
  const found = readAnswer(await serviceDb().rpc('reader_work', which, { get: true }));
  return (found[0] as ReaderWork | undefined) ?? null;
}

/** Notes what was found out about a try, once. */
const note = (work: ReaderWork & { provider_ref: string }, facts: PaymentFacts, about = facts.state) =>
  receiveEvent({
    provider: 'stripe',
    id: `asked:${work.provider_ref}:${about ?? ''}:${work.tries}`,
    type: 'asked.payment_intent',
    occurredAt: new Date().toISOString(),
    facts,
    payload: { id: work.provider_ref, state: facts.state, failure_code: facts.failure_code ?? null },
  });
const hasRef = (work: ReaderWork | null): work is ReaderWork & { provider_ref: string } =>
  typeof work?.provider_ref === 'string';

/** Asks Stripe how the payment stands and applies that, as the webhook would: whichever comes first settles. */
export async function settleAtReader(work: ReaderWork | null): Promise<Outcome> {
  if (!hasRef(work)) return 'stale';
  const facts = await askIntent(work.provider_ref, work.reader_ref).catch(reachable);
  return facts.state === 'pending' ? 'stale' : note(work, facts);
}

/** Has the reader ask for a card. What the reader says no to is a failed try, which can be made again. */
export async function askForCard(work: ReaderWork): Promise<void> {
  let ref = work.provider_ref;
  if (ref === null) {
    ref = await openIntent({
      paymentId: work.payment_id,
      orderId: work.order_id,
      businessId: work.business_id,
      amountCents: work.amount_cents,
      currency: work.currency,
    }).catch(reachable);
    const { payment_id } = work;
    readAnswer(
      await serviceDb().rpc('attach_payment', {
        payment_id,
        provider_ref: ref,
        intent_ref: ref,
        // It is paid on no page.
        url: null as unknown as string,
      }),
    );
  }
  const known = { ...work, provider_ref: ref };
  const handed = await handToReader(work.reader_ref, ref).catch(reachable);
  if (handed === 'over') await settleAtReader(known);
  else if (handed !== 'waiting')
    await note(known, {
      kind: 'payment',
      intent_ref: ref,
      state: 'failed',
      failure_code: `reader_${handed}`,
    });
}

/** `paid`: the card was quicker, and what it paid is in the books now. `deciding`: a card is being looked at just now. */
export async function endAtReader(work: ReaderWork): Promise<'stopped' | 'deciding' | 'paid'> {
  const ended = await stopAtReader(work.reader_ref, work.provider_ref).catch(reachable);
  if (ended === 'paid') await settleAtReader(work);
  return ended;
}

/** An order that is over takes no card any more; the payment says so, too. */
export async function noteEnded(work: ReaderWork): Promise<void> {
  if (hasRef(work)) await note(work, { kind: 'payment', intent_ref: work.provider_ref, state: 'canceled' });
}

/** For the job: the order is over. What was paid at the last moment goes back by itself. */
export async function closeAtReader(paymentId: string): Promise<void> {
  const work = await workAtReader({ attempt_id: paymentId });
  if (!work) return;
  const ended = await endAtReader(work);
  if (ended === 'deciding') throw new Error('A card is being looked at; the reader is asked again later');
  if (ended === 'stopped') await noteEnded(work);
}
