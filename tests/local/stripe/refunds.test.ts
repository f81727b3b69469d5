import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, idOf } from './goods.ts';
import { historyOf, openTill, refusalOf, type Till } from './till.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(() => till.emulator.control.reset());

const pay = (card = 'pm_card_visa', amount = 10_000) =>
  stripe.paymentIntents.create({ amount, currency: 'eur', payment_method: card, confirm: true });

describe('a refund', () => {
  it('gives back part of a payment, then the rest, then nothing more', async () => {
    const paid = await pay();
    const first = await stripe.refunds.create({
      payment_intent: paid.id,
      amount: 4000,
      reason: 'requested_by_customer',
      metadata: { booking: '3' },
    });
    expect(first).toMatchObject({ amount: 4000, status: 'succeeded', metadata: { booking: '3' } });
    const charge = idOf(paid.latest_charge);
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 4000, refunded: false });
    expect((await stripe.refunds.create({ charge })).amount).toBe(6000);
    expect(await stripe.charges.retrieve(charge, { expand: ['refunds'] })).toMatchObject({
      amount_refunded: 10_000,
      refunded: true,
      refunds: { data: [{ amount: 6000 }, { amount: 4000 }] },
    });
    const refusal = await refusalOf(stripe.refunds.create({ charge }));
    expect(refusal.code).toBe('charge_already_refunded');
    expect(historyOf(till, charge).filter((type) => type === 'charge.refunded')).toHaveLength(2);
  });

  it('cannot be more than what is left, nothing, negative, or of something unpaid', async () => {
    const paid = await pay();
    for (const amount of [10_001, 0, -1])
      expect((await refusalOf(stripe.refunds.create({ payment_intent: paid.id, amount }))).param).toBe(
        'amount',
      );
    const unpaid = await stripe.paymentIntents.create({ amount: 100, currency: 'eur' });
    expect((await refusalOf(stripe.refunds.create({ payment_intent: unpaid.id }))).statusCode).toBe(400);
    expect((await refusalOf(stripe.refunds.create({ payment_intent: 'pi_nobody' }))).code).toBe(
      'resource_missing',
    );
    expect((await refusalOf(stripe.refunds.create({}))).code).toBe('parameter_missing');
  });

  it('can be pending for a while and then succeed', async () => {
    const paid = await pay('pm_card_pendingRefund');
    const refund = await stripe.refunds.create({ payment_intent: paid.id });
    expect(refund.status).toBe('pending');
    till.emulator.control.advance(180);
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
    expect(historyOf(till, refund.id)).toEqual(['refund.created', 'refund.updated', 'charge.refund.updated']);
  });

  it('can fail after it seemed to have succeeded, and then the money is ours again', async () => {
    const paid = await pay('pm_card_refundFail');
    const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 3000 });
    expect(refund.status).toBe('succeeded');
    till.emulator.control.advance(180);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
    });
    expect(await stripe.charges.retrieve(idOf(paid.latest_charge))).toMatchObject({ amount_refunded: 0 });
    expect(historyOf(till, refund.id)).toEqual(['refund.created', 'refund.failed', 'charge.refund.updated']);
  });

  it('can be noted on and listed by payment', async () => {
    const paid = await pay();
    const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 100 });
    await stripe.refunds.update(refund.id, { metadata: { why: 'rain' } });
    const listed = await stripe.refunds.list({ payment_intent: paid.id });
    expect(listed.data).toMatchObject([{ id: refund.id, metadata: { why: 'rain' } }]);
  });
});

describe('a dispute', () => {
  const dispute = async (card: string) => {
    const paid = await pay(card);
    const [opened] = (await stripe.disputes.list({ payment_intent: paid.id })).data;
    return { paid, opened: opened as Stripe.Dispute };
  };

  it('takes the money back with a fee, and blocks refunds', async () => {
    const { paid, opened } = await dispute('pm_card_createDispute');
    expect(opened).toMatchObject({ status: 'needs_response', reason: 'fraudulent', amount: 10_000 });
    expect(opened.balance_transactions).toMatchObject([{ amount: -10_000, fee: 2000, net: -12_000 }]);
    expect((await stripe.charges.retrieve(idOf(paid.latest_charge))).disputed).toBe(true);
    expect((await refusalOf(stripe.refunds.create({ payment_intent: paid.id }))).code).toBe(
      'charge_disputed',
    );
    expect(historyOf(till, opened.id)).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
  });

  it('is won with winning evidence, and the money comes back', async () => {
    const { opened } = await dispute('pm_card_createDispute');
    const saved = await stripe.disputes.update(opened.id, {
      evidence: { customer_name: 'Nora', uncategorized_text: 'winning_evidence' },
      submit: false,
    });
    expect(saved).toMatchObject({ status: 'needs_response', evidence_details: { has_evidence: true } });
    const won = await stripe.disputes.update(opened.id, { submit: true });
    expect(won).toMatchObject({ status: 'won', evidence_details: { submission_count: 1 } });
    expect(won.balance_transactions.map(({ amount }) => amount)).toEqual([-10_000, 10_000]);
    expect(historyOf(till, opened.id).slice(-2)).toEqual([
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
  });

  it('is lost with losing evidence, by giving in, or by not answering', async () => {
    const { opened } = await dispute('pm_card_createDispute');
    const lost = await stripe.disputes.update(opened.id, {
      evidence: { uncategorized_text: 'losing_evidence' },
    });
    expect(lost.status).toBe('lost');
    expect((await refusalOf(stripe.disputes.close(opened.id))).code).toBe('resource_invalid_state');
    const other = await dispute('pm_card_createDisputeProductNotReceived');
    expect(other.opened.reason).toBe('product_not_received');
    expect((await stripe.disputes.close(other.opened.id)).status).toBe('lost');
    const third = await dispute('pm_card_createDispute');
    till.emulator.control.advance(7 * DAY);
    expect((await stripe.disputes.retrieve(third.opened.id)).status).toBe('lost');
  });

  it('is under review with any other evidence', async () => {
    const { opened } = await dispute('pm_card_createDispute');
    const sent = await stripe.disputes.update(opened.id, { evidence: { product_description: 'A class' } });
    expect(sent.status).toBe('under_review');
  });

  it('that is only an inquiry moves no money, and may be refunded', async () => {
    const { paid, opened } = await dispute('pm_card_createDisputeInquiry');
    expect(opened).toMatchObject({ status: 'warning_needs_response', balance_transactions: [] });
    expect((await stripe.refunds.create({ payment_intent: paid.id })).status).toBe('succeeded');
  });
});

describe('the balance', () => {
  it('adds up: payments less fees, refunds and disputes', async () => {
    await pay('pm_card_visa', 10_000);
    await pay('pm_card_bypassPending', 20_000);
    const refunded = await pay('pm_card_bypassPending', 5000);
    await stripe.refunds.create({ payment_intent: refunded.id, amount: 2000 });
    const charges = await stripe.balanceTransactions.list({ type: 'charge', currency: 'eur' });
    expect(charges.data.map(({ status }) => status)).toEqual(['available', 'available', 'pending']);
    const [newest] = charges.data;
    expect((await stripe.balanceTransactions.retrieve(newest?.id ?? '')).net).toBe(newest?.net);
    expect((await refusalOf(stripe.balanceTransactions.retrieve('txn_none'))).statusCode).toBe(404);
    const balance = await stripe.balance.retrieve();
    expect(balance.pending).toMatchObject([{ amount: 10_000 - 175, currency: 'eur' }]);
    expect(balance.available).toMatchObject([{ amount: 20_000 - 325 + 5000 - 100 - 2000, currency: 'eur' }]);
  });

  it('becomes available after two days and is paid out at the end of the day, transaction by transaction', async () => {
    const first = await pay('pm_card_visa', 10_000);
    await pay('pm_card_visa', 30_000);
    await stripe.refunds.create({ payment_intent: first.id, amount: 1000 });
    till.emulator.control.advance(3 * DAY);
    const [payout, ...others] = (await stripe.payouts.list()).data;
    // The refund leaves at once; what it takes out of an empty balance is made up for by the payments.
    expect(others).toEqual([]);
    expect(payout).toMatchObject({ status: 'paid', automatic: true, reconciliation_status: 'completed' });
    const paidOut = await stripe.balanceTransactions.list({ payout: payout?.id ?? '', limit: 100 });
    const moved = paidOut.data.filter(({ type }) => type !== 'payout');
    expect(moved.map(({ type }) => type).sort()).toEqual(['charge', 'charge', 'refund']);
    expect(moved.reduce((sum, { net }) => sum + net, 0)).toBe(payout?.amount);
    expect(moved.every(({ status }) => status === 'available')).toBe(true);
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 0 }]);
    expect(historyOf(till, payout?.id ?? '')).toEqual([
      'payout.created',
      'payout.paid',
      'payout.reconciliation_completed',
    ]);
  });

  it('can be paid out by hand as far as it goes', async () => {
    await pay('pm_card_bypassPending', 10_000);
    expect((await refusalOf(stripe.payouts.create({ amount: 10_000, currency: 'eur' }))).code).toBe(
      'balance_insufficient',
    );
    const payout = await stripe.payouts.create({ amount: 9000, currency: 'eur' });
    expect(payout).toMatchObject({ status: 'pending', automatic: false });
    expect((await stripe.payouts.cancel(payout.id)).status).toBe('canceled');
    const other = await stripe.payouts.create({ amount: 9000, currency: 'eur' });
    till.emulator.control.advance(DAY);
    expect((await stripe.payouts.retrieve(other.id)).status).toBe('paid');
    const sources = await stripe.balanceTransactions.list({ source: other.id });
    expect(sources.data).toMatchObject([{ type: 'payout', amount: -9000 }]);
  });
});
