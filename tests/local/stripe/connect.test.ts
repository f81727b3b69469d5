import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { whole } from './goods.ts';
import { historyOf, openTill, refusalOf, type Till } from './till.ts';
import { goesTo, press, textOf, visit } from './visitor.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(() => till.emulator.control.reset());

const anAccount = () =>
  stripe.accounts.create({
    country: 'ES',
    email: 'ana@example.com',
    controller: { stripe_dashboard: { type: 'express' }, fees: { payer: 'application' } },
    capabilities: { transfers: { requested: true }, card_payments: { requested: true } },
    business_profile: { name: 'Ana Ruiz' },
    metadata: { instructor: 'ana' },
  });

const link = (account: string) =>
  stripe.accountLinks.create({
    account,
    type: 'account_onboarding',
    return_url: `${till.shop.url}/done`,
    refresh_url: `${till.shop.url}/again`,
  });

describe('a connected account', () => {
  it('can be paid once it has been through the onboarding page', async () => {
    const account = await anAccount();
    expect(account).toMatchObject({
      charges_enabled: false,
      payouts_enabled: false,
      details_submitted: false,
      default_currency: 'eur',
      capabilities: { transfers: 'inactive' },
    });
    expect(account.requirements?.currently_due?.length).toBeGreaterThan(0);
    const page = await visit((await link(account.id)).url);
    expect(textOf(page)).toContain('Ana Ruiz would here tell Stripe');
    expect(goesTo(await press(page, { name: 'result', value: 'complete' }))).toBe(`${till.shop.url}/done`);
    expect(await stripe.accounts.retrieve(account.id)).toMatchObject({
      charges_enabled: true,
      payouts_enabled: true,
      details_submitted: true,
      capabilities: { transfers: 'active', card_payments: 'active' },
      requirements: { currently_due: [] },
    });
    expect(historyOf(till, account.id)).toEqual(['account.updated', 'account.updated']);
  });

  it('can put it off; a link is good once and for five minutes', async () => {
    const account = await anAccount();
    const first = await link(account.id);
    const page = await visit(first.url);
    await press(page, { name: 'result', value: 'later' });
    expect((await stripe.accounts.retrieve(account.id)).details_submitted).toBe(false);
    expect(goesTo(await visit(first.url))).toBe(`${till.shop.url}/again`);
    const second = await link(account.id);
    expect(second.expires_at - second.created).toBe(300);
    till.emulator.control.advance(300);
    expect(goesTo(await visit(second.url))).toBe(`${till.shop.url}/again`);
    expect((await visit(`${till.emulator.url}/connect/none`)).status).toBe(410);
  });

  it('can be changed, listed and removed', async () => {
    const account = await anAccount();
    const changed = await stripe.accounts.update(account.id, {
      email: 'ana@ruiz.example',
      business_profile: { url: 'https://ana.example' },
      metadata: { instructor: '' },
    });
    expect(changed).toMatchObject({
      email: 'ana@ruiz.example',
      business_profile: { name: 'Ana Ruiz', url: 'https://ana.example' },
      metadata: {},
    });
    expect((await stripe.accounts.list()).data.map(({ id }) => id)).toEqual([account.id]);
    expect((await stripe.accounts.createLoginLink(account.id)).url).toContain(account.id);
    expect(await stripe.accounts.del(account.id)).toMatchObject({ deleted: true });
    expect((await refusalOf(stripe.accounts.retrieve(account.id))).statusCode).toBe(404);
    expect(await stripe.accounts.retrieveCurrent()).toMatchObject({
      charges_enabled: true,
      type: 'standard',
    });
  });
});

describe('a transfer', () => {
  it('sends money on and takes it back', async () => {
    const account = await anAccount();
    const transfer = await stripe.transfers.create({
      amount: 5000,
      currency: 'eur',
      destination: account.id,
      transfer_group: 'november',
    });
    expect(transfer).toMatchObject({ amount: 5000, amount_reversed: 0, reversed: false });
    const part = await stripe.transfers.createReversal(transfer.id, { amount: 2000 });
    expect(part).toMatchObject({ amount: 2000, transfer: transfer.id });
    expect((await refusalOf(stripe.transfers.createReversal(transfer.id, { amount: 3001 }))).param).toBe(
      'amount',
    );
    await stripe.transfers.createReversal(transfer.id);
    expect(await stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 5000,
      reversed: true,
    });
    expect((await stripe.transfers.listReversals(transfer.id)).data).toHaveLength(2);
    expect((await stripe.transfers.list({ transfer_group: 'november' })).data).toHaveLength(1);
    expect((await stripe.transfers.update(transfer.id, { metadata: { a: '1' } })).metadata).toEqual({
      a: '1',
    });
    expect(historyOf(till, transfer.id)).toEqual([
      'transfer.created',
      'transfer.reversed',
      'transfer.reversed',
      'transfer.updated',
    ]);
    const unknown = stripe.transfers.create({ amount: 100, currency: 'eur', destination: 'acct_none' });
    expect((await refusalOf(unknown)).param).toBe('destination');
  });
});

describe('a payment for somebody else', () => {
  it('goes on to them less our fee, and a refund takes back its share of both', async () => {
    const account = await anAccount();
    const paid = await stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: true,
      application_fee_amount: 1000,
      transfer_data: { destination: account.id },
      expand: ['latest_charge.transfer', 'latest_charge.application_fee'],
    });
    const charge = whole(paid.latest_charge);
    expect(charge.transfer).toMatchObject({
      amount: 10_000,
      destination: account.id,
      source_transaction: charge.id,
    });
    const fee = whole(charge.application_fee);
    expect(fee).toMatchObject({ amount: 1000, account: account.id, amount_refunded: 0 });
    await stripe.refunds.create({
      payment_intent: paid.id,
      amount: 5000,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    expect(await stripe.applicationFees.retrieve(fee.id)).toMatchObject({
      amount_refunded: 500,
      refunded: false,
    });
    const transfer = charge.transfer as Stripe.Transfer;
    expect(await stripe.transfers.retrieve(transfer.id)).toMatchObject({ amount_reversed: 5000 });
    const rest = await stripe.applicationFees.createRefund(fee.id);
    expect(rest.amount).toBe(500);
    expect((await stripe.applicationFees.listRefunds(fee.id)).data).toHaveLength(2);
    expect((await stripe.applicationFees.list({ charge: charge.id })).data[0]?.refunded).toBe(true);
  });

  it('can keep back an amount instead', async () => {
    const account = await anAccount();
    const paid = await stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: true,
      transfer_data: { destination: account.id, amount: 8000 },
      expand: ['latest_charge.transfer'],
    });
    expect(whole(paid.latest_charge).transfer).toMatchObject({ amount: 8000 });
  });
});
