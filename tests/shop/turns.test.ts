import '../platform/settings.ts';
import { expect, test, vi } from 'vitest';
import { placeOrder } from '#sales/placing.ts';
import { orderProducts } from '#shop/ordering/placing.ts';

const menu = vi.hoisted(() => ({ first: 'window' }));
vi.mock('#payments/payments.ts', () => ({ startPayment: vi.fn(), settleFromReturn: vi.fn() }));
vi.mock('#shop/menu/menu.ts', () => ({
  readMenu: async () => [{ counter: { location_id: menu.first } }],
  forgetMenu: vi.fn(),
}));

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A business whose database takes orders and says nothing until it is told to. */
function aBusiness(id: string) {
  const taken: string[] = [];
  const endings: (() => void)[] = [];
  /** One buyer; `cart`: the counter that makes what is in theirs, null when none does. */
  const buyer = (name: string, cart: string | null) =>
    ({
      requestId: name,
      business: { id },
      forgetViewer: vi.fn(),
      db: {
        rpc: async (asked: string) => {
          if (asked === 'cart_counter') return { data: cart, error: null };
          taken.push(name);
          await new Promise<void>((end) => endings.push(end));
          return { data: { order_id: name, state: 'paid' }, error: null };
        },
      },
    }) as unknown as App.Locals;
  return {
    taken,
    answerOne: () => endings.shift()?.(),
    fromCart: (name: string, counter: string | null) =>
      placeOrder(buyer(name, counter), { key: name, token: 'cart', total: null, payWith: 'wallet' }),
    atOnce: (name: string, location_id?: string) =>
      orderProducts(
        buyer(name, null),
        { lines: [], pay_with: 'wallet', ...(location_id ? { location_id } : {}) },
        name,
      ),
  };
}

test('a cart with something from a bar waits in the same short queue as what is ordered there at once', async () => {
  const { taken, answerOne, fromCart, atOnce } = aBusiness('same queue');
  const before = ['a', 'b', 'c'].map((name) => atOnce(name, 'window'));
  await settled();
  const waits = fromCart('from a cart', 'window');
  await settled();
  const behind = atOnce('behind it', 'window');
  await settled();
  expect(taken).toEqual(['a', 'b', 'c']);
  answerOne();
  expect(await before[0]).toMatchObject({ order_id: 'a' });
  await settled();
  expect(taken).toEqual(['a', 'b', 'c', 'from a cart']);
  answerOne();
  await settled();
  expect(taken).toEqual(['a', 'b', 'c', 'from a cart', 'behind it']);
  for (let i = 0; i < 3; i += 1) answerOne();
  await Promise.all(before);
  expect([await waits, await behind]).toMatchObject([{ order_id: 'from a cart' }, { order_id: 'behind it' }]);
});

test('nobody who orders from carts alone goes past it either', async () => {
  const { taken, answerOne, fromCart } = aBusiness('carts alone');
  const orders = ['a', 'b', 'c', 'd'].map((name) => fromCart(name, 'window'));
  await settled();
  expect(taken).toEqual(['a', 'b', 'c']);
  answerOne();
  await settled();
  expect(taken).toEqual(['a', 'b', 'c', 'd']);
  for (let i = 0; i < 3; i += 1) answerOne();
  await Promise.all(orders);
});

test('an order that does not say where waits where the first counter’s own do', async () => {
  const { taken, answerOne, fromCart, atOnce } = aBusiness('where nothing is said');
  const orders = [atOnce('a'), atOnce('b', 'window'), fromCart('c', 'window')];
  await settled();
  orders.push(atOnce('d'));
  await settled();
  expect(taken.toSorted()).toEqual(['a', 'b', 'c']);
  answerOne();
  await settled();
  expect(taken.at(-1)).toBe('d');
  for (let i = 0; i < 3; i += 1) answerOne();
  await Promise.all(orders);
});

test('a cart without anything from a bar waits for nobody, nor does one for another counter', async () => {
  const { taken, answerOne, fromCart, atOnce } = aBusiness('others');
  const busy = ['a', 'b', 'c', 'd'].map((name) => atOnce(name, 'window'));
  await settled();
  // More of them than a queue lets through.
  const classes = ['1', '2', '3', '4', '5'].map((name) => fromCart(`class ${name}`, null));
  await settled();
  const elsewhere = fromCart('the other bar', 'terrace');
  await settled();
  const names = ['class 1', 'class 2', 'class 3', 'class 4', 'class 5'];
  expect(taken).toEqual(['a', 'b', 'c', ...names, 'the other bar']);
  for (let i = 0; i < 9; i += 1) answerOne();
  await settled();
  answerOne();
  await Promise.all([...busy, ...classes, elsewhere]);
});
