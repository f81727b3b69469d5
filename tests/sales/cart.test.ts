import { expect, test } from 'vitest';
import { type CartLine, cartTotals } from '#sales/cart.ts';
import { orderInput } from '#sales/inputs.ts';
import { type OrderRow, standingOf, waitingOrder } from '#sales/orders.ts';

const seat = (change: Partial<CartLine> = {}): CartLine => ({
  line_id: 'l1',
  kind: 'seat',
  session_id: 's1',
  class_slug: 'candle-yin',
  style: 'yin',
  label: { en: 'Candlelight Yin' },
  starts_at: '2026-11-24T18:00:00+00:00',
  ends_at: '2026-11-24T19:15:00+00:00',
  instructor_name: 'Noor Haddad',
  room_name: 'Roof room',
  quantity: 1,
  total_cents: 1800,
  tax_cents: 312,
  currency: 'EUR',
  seats_left: 4,
  problem: null,
  person_name: null,
  guest_name: null,
  pass_id: null,
  credits: null,
  price_cents: 1800,
  passes: null,
  plan_slug: null,
  plan: null,
  wallet_cents: 0,
  discount_cents: 0,
  discounts: [],
  product: null,
  details: {},
  handover: null,
  promotion: null,
  loyalty: null,
  ...change,
});

test('the cart adds up what can be bought, and counts what cannot', () => {
  const lines = [seat(), seat({ total_cents: 1500, tax_cents: 260 }), seat({ problem: 'session_full' })];
  expect(cartTotals(lines)).toEqual({ total_cents: 3300, tax_cents: 572, credits: 0, problems: 1 });
  expect(cartTotals([])).toEqual({ total_cents: 0, tax_cents: 0, credits: 0, problems: 0 });
});

test.each([['-1'], [-1], ['1e3'], ['12.50'], [12.5], ['999999999999999'], ['abc'], [null]])(
  'a total of %s was never on the page',
  (expected_total_cents) => {
    expect(orderInput.safeParse({ expected_total_cents }).success).toBe(false);
  },
);

test('the total a buyer saw comes as text from a form and as a number from a program', () => {
  expect(orderInput.parse({ expected_total_cents: '3300' })).toEqual({
    expected_total_cents: 3300,
    pay_with: 'card',
  });
  expect(orderInput.parse({ expected_total_cents: 3300 })).toEqual({
    expected_total_cents: 3300,
    pay_with: 'card',
  });
  expect(orderInput.parse({})).toEqual({ pay_with: 'card' });
});

test('an order waits for its money only as long as it holds its places', () => {
  const now = Date.parse('2026-11-21T10:10:00Z');
  const row = (state: OrderRow['state'], hold_expires_at: string | null): OrderRow => ({
    order_id: `${state} ${hold_expires_at}`,
    reference: '7K3QX9TM',
    number: null,
    state,
    total_cents: 1800,
    refunded_cents: 0,
    currency: 'EUR',
    placed_at: '2026-11-21T10:00:00+00:00',
    hold_expires_at,
    labels: [],
  });
  const held = row('placed', '2026-11-21T10:15:00+00:00');
  expect(waitingOrder([row('paid', '2026-11-21T10:15:00+00:00'), held], now)).toBe(held);
  expect(waitingOrder([row('placed', '2026-11-21T10:05:00+00:00')], now)).toBeNull();
  expect(waitingOrder([row('placed', null)], now)).toBeNull();
});

test.each([
  ['a paid order', 'paid', 0, 'paid'],
  ['a paid order of which a part went back', 'paid', 800, 'paid'],
  ['an order that went back whole', 'closed', 1800, 'refunded'],
  ['an order without a try to pay', 'placed', 0, 'placed'],
] as const)('%s is said to be %s, %i cents refunded: %s', (_sentence, state, refunded_cents, standing) => {
  expect(standingOf({ order_id: 'o1', state, total_cents: 1800, refunded_cents })).toBe(standing);
});

test('a free order is never a refunded one, and a declined payment is said', () => {
  expect(standingOf({ order_id: 'o1', state: 'paid', total_cents: 0, refunded_cents: 0 })).toBe('paid');
  const inHand = new Map([['o1', 'declined' as const]]);
  expect(standingOf({ order_id: 'o1', state: 'placed', total_cents: 1800, refunded_cents: 0 }, inHand)).toBe(
    'declined',
  );
});
