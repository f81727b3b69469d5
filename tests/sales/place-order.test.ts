import '../platform/settings.ts';
import { expect, test, vi } from 'vitest';
import { Refusal, Unavailable } from '#platform/refusals.ts';
import { placeOrder } from '#sales/placing.ts';

const startPayment = vi.hoisted(() => vi.fn());
vi.mock('#payments/payments.ts', () => ({ startPayment, settleFromReturn: vi.fn() }));

type Answer = { data: unknown; error: unknown };
const placed = {
  order_id: 'o1',
  reference: '7K3QX9TM',
  number: null,
  state: 'placed',
  total_cents: 1800,
  currency: 'EUR',
};

/** What SQL is asked, and what it answers. */
function place(answer: Partial<Answer>, input: Partial<Parameters<typeof placeOrder>[1]> = {}) {
  const asked: unknown[] = [];
  const forgotten = vi.fn();
  const locals = {
    requestId: 'r1',
    business: { id: 'lotus' },
    forgetViewer: forgotten,
    db: {
      rpc: async (name: string, values: object) => {
        // Nothing in it comes from a bar: tests/shop/turns.test.ts has those that wait.
        if (name === 'cart_counter') return { data: null, error: null };
        asked.push([name, values]);
        return { data: null, error: null, ...answer };
      },
    },
  } as unknown as App.Locals;
  return {
    asked,
    forgotten,
    result: placeOrder(locals, { key: 'key-00001', token: 'cart', total: 1800, payWith: 'card', ...input }),
  };
}

test('an order that costs something comes with the page where it is paid', async () => {
  startPayment.mockResolvedValueOnce({ url: 'https://checkout.stripe.com/c/pay/cs_1' });
  const { asked, result, forgotten } = place({ data: placed });
  expect(await result).toEqual({ ...placed, payment_url: 'https://checkout.stripe.com/c/pay/cs_1' });
  expect(asked).toEqual([
    [
      'place_order',
      {
        business_id: 'lotus',
        idempotency_key: 'key-00001',
        pay_with: 'card',
        cart_token: 'cart',
        expected_total_cents: 1800,
      },
    ],
  ]);
  expect(forgotten).toHaveBeenCalledOnce();
});

test('an order that costs nothing is done', async () => {
  startPayment.mockClear();
  const { result } = place({ data: { ...placed, state: 'paid', total_cents: 0 } });
  expect(await result).toMatchObject({ state: 'paid', payment_url: null });
  expect(startPayment).not.toHaveBeenCalled();
});

test('when the payment page does not answer the order stands, to be paid from its own page', async () => {
  startPayment.mockRejectedValueOnce(new Unavailable('Stripe cannot be reached'));
  expect(await place({ data: placed }).result).toMatchObject({ order_id: 'o1', payment_url: null });
  startPayment.mockResolvedValueOnce(new Refusal('order_paid', 409));
  expect(await place({ data: placed }).result).toMatchObject({ order_id: 'o1', payment_url: null });
});

test('a class that filled up is named, so that the sentence stands beside it', async () => {
  const error = { code: 'PT409', message: 'session_full', details: '{"session_id": "s1"}' };
  expect(await place({ error }).result).toMatchObject({
    name: 'session_full',
    status: 409,
    details: { session_id: 's1', field: 'session-s1' },
  });
});

test('a changed price concerns the whole cart', async () => {
  const error = { code: 'PT409', message: 'price_changed', details: '{"total_cents": 2000}' };
  const refusal = (await place({ error }).result) as Refusal;
  expect(refusal.name).toBe('price_changed');
  expect(refusal.details).not.toHaveProperty('field');
});

test('a program may order without having seen a total, and a member without a cart’s token', async () => {
  startPayment.mockResolvedValueOnce({ url: 'https://checkout.stripe.com/c/pay/cs_1' });
  const { asked, result } = place({ data: placed }, { total: null, token: null });
  await result;
  expect(asked).toEqual([
    ['place_order', { business_id: 'lotus', idempotency_key: 'key-00001', pay_with: 'card' }],
  ]);
});
