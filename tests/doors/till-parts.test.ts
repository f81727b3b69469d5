/** Paying in parts over HTTP: forms alone, programs, guesses at a card, and what the day's books say. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { aGiftCard, findings, sql } from '../world.ts';
import { aTill } from './a-till.ts';
import { type Buyer, aBuyer, wordsOf } from './buyer.ts';
import { messages } from '#platform/i18n/index.ts';

const m = messages('en');
afterEach(async () => expect(await findings()).toEqual([]));

const open = async (who: Buyer, till: string, lines: object[], more: object = {}) => {
  const sale = randomUUID();
  const reply = await who.visitor.call('/api/coffee/till/splits', {
    till_id: till,
    sale_id: sale,
    lines,
    ...more,
  });
  return { sale, reply };
};
const take = (who: Buyer, sale: string, part: object, key: string = randomUUID()) =>
  who.visitor.call('/api/coffee/till/parts', { sale_id: sale, ...part }, { 'idempotency-key': key });

test('a sale is paid by three, each their part: card, gift card, cash with change; and is on the receipt', async () => {
  const { bar, till, seller } = await aTill();
  const card = await aGiftCard(500);
  const { sale, reply } = await open(seller, till, [{ slug: bar.bag.slug, quantity: 2 }]);
  expect([reply.status, reply.json.data.due_cents]).toEqual([201, 2300]);
  expect((await take(seller, sale, { way: 'terminal', amount_cents: 800 })).json.data.due_cents).toBe(1500);
  const swiped = await take(seller, sale, { way: 'gift_card', code: card.code, pin: card.pin });
  expect([swiped.status, swiped.json.data.due_cents]).toEqual([201, 1000]);
  const key = randomUUID();
  const [last, again] = [
    await take(seller, sale, { way: 'cash', tendered_cents: 2000 }, key),
    await take(seller, sale, { way: 'cash', tendered_cents: 2000 }, key),
  ];
  expect(last.json.data).toMatchObject({ state: 'paid', due_cents: 0, order_id: sale });
  expect(again.json.data).toEqual(last.json.data);
  const page = wordsOf(await seller.visitor.get(`/till/${till}/sold/${sale}`));
  expect(page).toContain('€10.00');
  expect(page).toContain(m.giftCards.tenders.card({ ending: card.code.slice(-4) }));
  expect((await take(seller, sale, { way: 'cash', amount_cents: 100 })).json.code).toBe('order_paid');
  const drawer = await seller.visitor.get(`/till/${till}/drawer`);
  expect(wordsOf(drawer)).toContain('€60.00');
  const refund = async () => wordsOf(await seller.visitor.get(`/till/${till}/sold/${sale}/refund`));
  expect(await refund()).not.toContain(m.counter.refund.closed);
  await seller.visitor.call(
    '/api/coffee/till/closings',
    { till_id: till, amount_cents: 6000 },
    { 'idempotency-key': randomUUID() },
  );
  // A part of it would go back in cash.
  expect(await refund()).toContain(m.counter.refund.closed);
});

test('works with forms alone: from the ticket to the parts, one given back, and back to the ticket', async () => {
  const { bar, till, seller } = await aTill();
  const { visitor } = seller;
  const ticket = `/till/${till}?sale=${randomUUID()}&line=1~${bar.bag.slug}`;
  const shown = await visitor.get(ticket);
  const form = /action="\/api\/coffee\/till\/splits"[\s\S]*?<\/form>/.exec(shown.text)?.[0] ?? '';
  const fields = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  );
  const opened = await visitor.submit('/api/coffee/till/splits', fields, ticket);
  expect([opened.status, opened.to]).toEqual([303, expect.stringContaining(`/till/${till}/open/`)]);
  const at = opened.to ?? '';
  const sale = at.split('/').at(-1) ?? '';
  const pay = (more: [string, string][]) =>
    visitor.submit(
      '/api/coffee/till/parts',
      [['sale_id', sale], ['idempotency_key', randomUUID()], ...more],
      at,
    );
  const tooMuch = await pay([
    ['way', 'cash'],
    ['amount', '20'],
    ['tendered', '20'],
  ]);
  expect([tooMuch.status, wordsOf(tooMuch)]).toEqual([409, expect.stringContaining('Only €11.50')]);
  expect(
    (
      await pay([
        ['way', 'cash'],
        ['amount', '1.50'],
        ['tendered', '5'],
      ])
    ).to,
  ).toBe(at);
  const now = await visitor.get(at);
  expect(wordsOf(now)).toContain('€10.00');
  expect(wordsOf(await visitor.get(`/till/${till}`))).toContain(
    m.till.openSales.due({ due: '€10.00', total: '€11.50' }),
  );
  const part = /name="part_id" value="([^"]+)"/.exec(now.text)?.[1] ?? '';
  expect((await visitor.submit('/api/coffee/till/parts/returned', [['part_id', part]], at)).to).toBe(at);
  const back = await visitor.submit('/api/coffee/till/splits/given-up', [['sale_id', sale]], at);
  expect([back.status, back.to]).toEqual([303, expect.stringContaining(`line=1%7E${bar.bag.slug}`)]);
  // Under an id of its own: it can be sold again.
  expect(back.to).not.toContain(sale);
  expect(wordsOf(await visitor.get(at))).toContain(m.till.split.over);
});

test('guesses at a gift card are counted, and refused after a few', async () => {
  const { bar, till, seller } = await aTill();
  const card = await aGiftCard(5000);
  const { sale } = await open(seller, till, [{ slug: bar.bag.slug }]);
  const wrong = card.pin === '000000' ? '000001' : '000000';
  const guess = (pin: string) => take(seller, sale, { way: 'gift_card', code: card.code, pin });
  for (let n = 0; n < 5; n += 1) expect((await guess(wrong)).json.code).toBe('gift_card_not_found');
  const locked = await guess(card.pin);
  expect([locked.status, locked.json.code]).toEqual([429, 'gift_card_locked']);
});

test('a code and a reward are on the ticket line by line; a code that does not hold says why and nothing is sold', async () => {
  const { bar, till, seller } = await aTill();
  const customer = await aBuyer('regular');
  await customer.visitor.get('/account');
  const [member] = await sql<{ id: string }>(
    `insert into members.members (business_id, user_id, name, email) select '10000000-0000-4000-8000-000000000001', id, 'Regular', email from auth.users where id = $1 on conflict do nothing returning id`,
    [customer.id],
  );
  const who =
    member?.id ??
    (await sql<{ id: string }>('select id from members.members where user_id = $1', [customer.id]))[0]!.id;
  const code = `T${randomUUID().slice(0, 8)}`;
  await sql(
    `insert into sales.promotions (business_id, code, label, kind, percent, goods, published, max_per_member) values ('10000000-0000-4000-8000-000000000001', $1, '{"en": "A tenth off"}', 'percent', 10, 'bar', true, 1)`,
    [code],
  );
  const page = (query: string) =>
    seller.visitor.get(`/till/${till}?line=1~${bar.bag.slug}&promo=${code}${query}`);
  expect(wordsOf(await page(''))).toContain(m.refusals.promotion_needs_customer);
  const known = wordsOf(await page(`&member=${who}`));
  expect(known).toContain('A tenth off: −€1.15');
  expect(known).toContain('€10.35');
  const { reply } = await open(seller, till, [{ slug: bar.bag.slug }], { promo: code });
  expect([reply.status, reply.json.code]).toEqual([409, 'promotion_needs_customer']);
  const sold = await seller.visitor.call('/api/coffee/till/sales', {
    till_id: till,
    sale_id: randomUUID(),
    lines: [{ slug: bar.bag.slug }],
    promo: code,
    member_id: who,
    pay_with: 'terminal',
  });
  expect([sold.status, sold.json.data.total_cents]).toEqual([201, 1035]);
  // Who serves reads of the customer; the customer, of themselves.
  const [lot] = await sql<{ count: number }>(
    'select sum(points)::int as count from loyalty.lots where order_id = $1',
    [sold.json.data.order_id],
  );
  const earned = { unit: 'points', count: lot!.count } as const;
  const [hers, theirs] = [m.loyalty.cart.theyEarned(earned), m.loyalty.cart.earned(earned)];
  const receiptAt = `/till/${till}/sold/${sold.json.data.order_id}`;
  const atTill = wordsOf(await seller.visitor.get(receiptAt));
  expect([atTill.includes(hers), atTill.includes(theirs)]).toEqual([true, false]);
  expect(wordsOf(await seller.visitor.get(`/es${receiptAt}`))).toContain(
    messages('es').loyalty.cart.theyEarned(earned),
  );
  const mine = wordsOf(await customer.visitor.get(`/orders/${sold.json.data.order_id}`));
  expect([mine.includes(hers), mine.includes(theirs)]).toEqual([false, true]);
});

test('three share what is due evenly: each pays to the cent, however they pay, and the others are still counted', async () => {
  const { bar, till, seller } = await aTill();
  const { visitor } = seller;
  const { sale } = await open(seller, till, [{ slug: bar.bag.slug }]);
  const at = `/till/${till}/open/${sale}`;
  const { even } = m.till.split;
  const page = await visitor.get(at);
  expect(page.text).toContain(even.each({ count: 3, amount: '€3.84' }));
  expect([page.text.includes('data-shares'), page.text.includes('people=9')]).toEqual([false, false]);
  // Nobody is counted who is not there.
  for (const odd of ['1', '99', 'x', '-3', '2.5'])
    expect((await visitor.get(`${at}?people=${odd}`)).text).not.toContain('data-shares');
  const shared = await visitor.get(`${at}?people=3`);
  expect(wordsOf(shared)).toContain(even.shares({ count: 3, amounts: '€3.84, €3.83 and €3.83' }));
  const action = '/api/coffee/till/parts?people=3';
  expect(shared.text).toContain(`action="${action}"`);
  expect(shared.text).toMatch(/id="terminal-amount"[^>]*value="€3\.84"/);
  const pay = (to: string, from: string, more: Record<string, string>) =>
    visitor.submit(to, { sale_id: sale, idempotency_key: randomUUID(), ...more }, from);
  const first = await pay(action, `${at}?people=3`, { way: 'terminal', amount: '€3.84' });
  expect([first.status, first.to]).toEqual([303, `${at}?people=2`]);
  const two = await visitor.get(`${at}?people=2`);
  expect(wordsOf(two)).toContain(even.shares({ count: 2, amounts: '€3.83 and €3.83' }));
  expect(wordsOf(two)).toContain(even.cash({ amount: '€3.83' }));
  expect(two.text).toMatch(/name="amount_cents" value="383"/);
  const second = await pay('/api/coffee/till/parts?people=2', `${at}?people=2`, {
    ...{ way: 'cash', amount_cents: '383', tendered_cents: '500' },
  });
  expect([second.status, second.to]).toEqual([303, at]);
  const [change] = await sql<{ change: number }>(
    'select change_cents::int as change from shop.till_parts where order_id = $1 and change_cents > 0',
    [sale],
  );
  expect(change).toEqual({ change: 117 });
  const last = await pay('/api/coffee/till/parts', at, { way: 'terminal' });
  expect(last.to).toBe(`/till/${till}/sold/${sale}`);
});

test('an open sale is known by its customer’s name, its reference small beside it; without one by its reference', async () => {
  const { bar, till, seller } = await aTill();
  const customer = await aBuyer('known');
  await customer.visitor.get('/account');
  const [member] = await sql<{ id: string; name: string }>(
    `insert into members.members (business_id, user_id, name, email) select '10000000-0000-4000-8000-000000000001', id, 'Wanda Known', email from auth.users where id = $1
     on conflict (business_id, user_id) where user_id is not null do update set name = excluded.name returning id, name`,
    [customer.id],
  );
  const known = await open(seller, till, [{ slug: bar.bag.slug }], { member_id: member!.id });
  const unknown = await open(seller, till, [{ slug: bar.bag.slug }]);
  const [named, nobody] = [known, unknown].map(({ reply }) => reply.json.data.reference as string);
  const listed = wordsOf(await seller.visitor.get(`/till/${till}`));
  expect(listed).toMatch(
    new RegExp(`${member!.name}, since [^:]+:\\d\\d: [^.]+\\.\\d\\d of [^ ]+ still to pay ${named}`),
  );
  expect(listed).toContain(`${nobody}, since`);
  const page = async (sale: string) => (await seller.visitor.get(`/till/${till}/open/${sale}`)).text;
  expect(await page(known.sale)).toMatch(new RegExp(`<h1>${member!.name}</h1>[\\s\\S]*${named}`));
  expect(await page(unknown.sale)).toMatch(new RegExp(`<h1>${m.till.split.title}</h1>[\\s\\S]*${nobody}`));
});

test('twenty lines and a tip are one sale', async () => {
  const { bar, till, seller } = await aTill();
  const lines = Array.from({ length: 20 }, (_, n) => ({ slug: bar.bag.slug, note: `for ${n}` }));
  const { reply } = await open(seller, till, lines, { tip: 10 });
  expect([reply.status, reply.json.data.due_cents]).toEqual([201, 25300]);
});

test('who sells nothing takes no part', async () => {
  const { bar, till, seller } = await aTill();
  const { sale } = await open(seller, till, [{ slug: bar.bag.slug }]);
  const stranger = await aBuyer('stranger');
  const reply = await take(stranger, sale, { way: 'terminal' });
  expect([reply.status, reply.json.code]).toEqual([403, 'not_your_role']);
  const elsewhere = await take(seller, randomUUID(), { way: 'terminal' });
  expect([elsewhere.status, elsewhere.json.code]).toEqual([404, 'order_not_found']);
});
