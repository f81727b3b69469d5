/** Gift cards through the site's own doors: bought, sent, used for a part or for all, and kept from whoever guesses. */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, aGiftCard, barberia, findings, onCard, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, endHold, flashOf, runJob, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import { Visitor, letterTo, someEmail } from './visitor.ts';

const m = messages('en');
const words = m.giftCards;

afterEach(async () => expect(await findings()).toEqual([]));

const key = () => ({ 'idempotency-key': randomUUID() });
const whom = (to_email: string) => ({
  to_name: 'Bruno',
  to_email,
  from_name: 'Ada',
  message: 'Come and breathe',
  locale: 'en',
});
const wrong = (pin: string) => String((Number(pin) + 1) % 1_000_000).padStart(6, '0');

/** Somebody with a class of 16.00 in their cart. */
async function withClass(buyer?: Buyer) {
  const session = await aClass({ price: 1600 });
  const who = buyer ?? (await aBuyer('gifted'));
  await who.visitor.call('/api/sales/cart', { session_id: session });
  return who;
}
const place = (buyer: Buyer) => buyer.visitor.call('/api/sales/orders', {}, key());

test('a card is bought for somebody, its letter brings code and PIN, and they open it', async () => {
  const buyer = await aBuyer('giver');
  const to = someEmail('gift');
  const put = await buyer.visitor.submit('/api/sales/gift-cards', {
    choice: '2500',
    amount: '42.50',
    ...whom(to),
  });
  expect(put.to).toBe('/cart');
  expect(wordsOf(await buyer.visitor.get('/cart'))).toContain(words.inCart({ name: 'Bruno', when: null }));
  const { json } = await place(buyer);
  await payAt(json.data.payment_url);
  await untilOrder(json.data.order_id, { state: 'paid' });
  const { text } = await letterTo(to);
  const [, code, pin] = /Code ([0-9A-Z-]{19})\s+PIN (\d{6})/.exec(text) ?? [];
  const seen = await new Visitor().call('/api/sales/gift-cards/check', { code, pin });
  expect(seen.json.data).toMatchObject({ balance_cents: 4250, ending: code?.slice(-4) });
  expect(seen.json.data).not.toHaveProperty('card_id');
  // Nowhere in clear: neither in the outbox nor on the buyer's own page.
  const [kept] = await sql<{ said: string }>(
    `select string_agg(data::text, ' ') as said from messages.emails where to_address = $1`,
    [to],
  );
  expect(kept?.said).not.toContain(pin);
  const page = await buyer.visitor.get(`/orders/${json.data.order_id}`);
  expect(page.text).not.toContain(code);
  expect(wordsOf(page)).toContain('Sent to Bruno');
});

describe('at the checkout', () => {
  test('a card pays its part, and the page of the bank card asks for the rest', async () => {
    const card = await aGiftCard(1000);
    const buyer = await withClass();
    const used = await buyer.visitor.submit('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
    expect([used.status, used.to]).toEqual([303, '/checkout']);
    const shown = wordsOf(await buyer.visitor.get('/checkout'));
    expect(shown).toContain(words.tenders.card({ ending: card.code.slice(-4) }));
    expect(shown).toContain('Pay €6.00');
    const { json } = await place(buyer);
    await payAt(json.data.payment_url);
    await untilOrder(json.data.order_id, {
      state: 'paid',
      payments: ['captured', 'captured'],
      captured: 1600,
      sales: 1,
    });
    expect(wordsOf(await buyer.visitor.get(`/orders/${json.data.order_id}`))).toContain(
      words.tenders.bankCard,
    );
    expect(await onCard(card)).toEqual({ free: 0, kept: 0 });
  });

  test('a card that covers it all settles it at once, and a cancelled class is on the card again', async () => {
    const card = await aGiftCard(5000);
    const buyer = await withClass();
    await buyer.visitor.call('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
    expect(wordsOf(await buyer.visitor.get('/checkout'))).toContain(words.tenders.payAll);
    const { json } = await place(buyer);
    expect(json.data).toMatchObject({ state: 'paid', payment_url: null });
    expect(await onCard(card)).toEqual({ free: 3400, kept: 0 });
    const [booking] = await sql<{ id: string }>(
      'select b.id from booking.bookings b join sales.order_lines l on l.id = b.order_line_id where l.order_id = $1',
      [json.data.order_id],
    );
    await buyer.visitor.call(`/api/yoga/bookings/${booking!.id}/cancel`, {}, key());
    expect(await onCard(card)).toEqual({ free: 5000, kept: 0 });
  });

  test('what is not paid in time is on the card again', async () => {
    const card = await aGiftCard(1000);
    const buyer = await withClass();
    await buyer.visitor.call('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
    const { json } = await place(buyer);
    expect(await onCard(card)).toEqual({ free: 0, kept: 1000 });
    await endHold(json.data.order_id);
    await runJob('expire_holds');
    await untilOrder(json.data.order_id, { state: 'expired' });
    await expect.poll(() => onCard(card)).toEqual({ free: 1000, kept: 0 });
  });

  test('a card is left out again, as somebody else cannot do', async () => {
    const card = await aGiftCard(1000);
    const buyer = await withClass();
    await buyer.visitor.call('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
    const { json } = await buyer.visitor.get('/api/sales/cart/tenders', { accept: 'application/json' });
    const id = json.data[0].tender_id as string;
    const other = await (await aBuyer('other')).visitor.call(`/api/sales/cart/tenders/${id}`, {});
    expect([other.status, other.json.code]).toEqual([404, 'tender_not_found']);
    expect((await buyer.visitor.submit(`/api/sales/cart/tenders/${id}`, {})).to).toBe('/checkout');
    expect(wordsOf(await buyer.visitor.get('/checkout'))).toContain('Pay €16.00');
  });
});

describe('whoever guesses', () => {
  test('is told the same of a wrong PIN, a code that is none, and a card of another business', async () => {
    const [card, elsewhere] = [await aGiftCard(1000), await aGiftCard(100_000, { business: barberia })];
    const visitor = new Visitor();
    const said = async (code: string, pin: string) => {
      const { status, json } = await visitor.call('/api/sales/gift-cards/check', { code, pin });
      return [status, json.code, json.error];
    };
    const first = await said(card.code, wrong(card.pin));
    expect(first).toEqual([404, 'gift_card_not_found', m.refusals.gift_card_not_found]);
    expect(await said('AAAA-BBBB-CCCC-DDDD', '123456')).toEqual(first);
    expect(await said(elsewhere.code, elsewhere.pin)).toEqual(first);
  });

  test('has to wait after several wrong PINs, whoever asks for that card, and from wherever', async () => {
    const card = await aGiftCard(1000);
    const answers: number[] = [];
    for (let n = 0; n < 10; n++) {
      const { status } = await new Visitor().call('/api/sales/gift-cards/check', {
        code: card.code,
        pin: wrong(card.pin),
      });
      answers.push(status);
    }
    expect(answers[0]).toBe(404);
    expect(answers.at(-1)).toBe(429);
    const right = await new Visitor().call('/api/sales/gift-cards/check', { code: card.code, pin: card.pin });
    expect([right.status, right.json.code]).toEqual([429, 'gift_card_locked']);
    // In a form: said beside it.
    const form = await new Visitor().submit('/api/sales/gift-cards/check', {
      code: card.code,
      pin: card.pin,
    });
    expect(wordsOf(form)).toContain(m.refusals.gift_card_locked);
  });
});

describe('what is refused', () => {
  test.each([
    ['too little', { amount_cents: 100 }, 'gift_card_amount_invalid'],
    ['a day that is over', { amount_cents: 2500, send_on: '2020-01-01' }, 'send_on_invalid'],
    ['an address that is none', { amount_cents: 2500, to_email: 'nobody' }, 'email_invalid'],
  ])('%s', async (_what, change, code) => {
    const { status, json } = await new Visitor().call('/api/sales/gift-cards', {
      ...whom(someEmail()),
      ...change,
    });
    expect([status, json.code]).toEqual([422, code]);
  });

  test('an empty card, and a card for an empty cart', async () => {
    const card = await aGiftCard(1600);
    const buyer = await aBuyer('empty');
    const none = await buyer.visitor.call('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
    expect([none.status, none.json.code]).toEqual([409, 'cart_empty']);
    await withClass(buyer);
    await buyer.visitor.call('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
    await place(buyer);
    const next = await withClass();
    const used = await next.visitor.call('/api/sales/cart/tenders', { code: card.code, pin: card.pin });
    expect([used.status, used.json.code]).toEqual([409, 'gift_card_empty']);
  });
});

describe('managers', () => {
  test('see what is owed, block a lost card and have a new code sent; nobody below does', async () => {
    const card = await aGiftCard(2600);
    const manager = await aColleague('manager');
    const change = (act: string, who: Buyer = manager, more = {}) =>
      who.visitor.call(`/api/admin/gift-cards/${card.id}`, { act, reason: 'left on a bus', ...more });
    const below = await change('block', await aColleague('front_desk'));
    expect([below.status, below.json.code]).toEqual([403, 'not_your_role']);
    expect((await change('block')).json.data.state).toBe('blocked');
    const blocked = await new Visitor().call('/api/sales/gift-cards/check', {
      code: card.code,
      pin: card.pin,
    });
    expect([blocked.status, blocked.json.code]).toEqual([409, 'gift_card_blocked']);
    const to = someEmail('found');
    expect((await change('reissue', manager, { to_email: to })).json.data.state).toBe('active');
    const { text } = await letterTo(to);
    expect(text).toContain('€26.00');
    expect(text).not.toContain(card.code);
    const old = await new Visitor().call('/api/sales/gift-cards/check', { code: card.code, pin: card.pin });
    expect(old.status).toBe(404);
    const page = await manager.visitor.get('/admin/gift-cards');
    expect(wordsOf(page)).toContain(words.kept.owed);
    // The digits of an id may be those of a PIN by chance.
    expect(page.text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '')).not.toContain(card.pin);
    const file = await manager.visitor.get('/api/admin/gift-cards/report.csv');
    expect(file.text).toContain('26.00');
    expect((await (await aBuyer()).visitor.get('/api/admin/gift-cards/report.csv')).status).toBe(403);
  });

  test('say what is sold', async () => {
    const owner = await aColleague('owner', barberia);
    const refused = await owner.visitor.call('/api/admin/gift-cards/rules', {
      amounts: '5',
      least: '10',
      most: '20',
    });
    expect(refused.status).toBe(403);
    const manager = await aColleague('manager');
    const odd = await manager.visitor.call('/api/admin/gift-cards/rules', {
      amounts: '5',
      least: '10',
      most: '20',
    });
    expect([odd.status, odd.json.code]).toEqual([422, 'gift_card_rules_invalid']);
    const done = await manager.visitor.submit('/api/admin/gift-cards/rules', {
      amounts: '25; 50; 100',
      least: '5',
      most: '500',
    });
    expect([done.status, flashOf(await manager.visitor.get(done.to ?? ''))]).toEqual([303, words.kept.saved]);
  });
});
