import type { Order, OrderLine } from '#sales/orders.ts';

export const line = (change: Partial<OrderLine> = {}): OrderLine => ({
  line_id: 'l1',
  kind: 'seat',
  credits: 0,
  pass_name: null,
  person_name: null,
  guest_name: null,
  label: { en: 'Candlelight Yin', es: 'Yin a la luz de las velas' },
  quantity: 1,
  unit_price_cents: 1800,
  tax_rate_bp: 2100,
  tax_cents: 312,
  total_cents: 1800,
  refunded_cents: 0,
  state: 'held',
  session_id: '80000000-0000-4000-8000-000000000001',
  style: 'yin',
  class_slug: 'candle-yin',
  starts_at: '2026-11-24T18:00:00+00:00',
  ends_at: '2026-11-24T19:15:00+00:00',
  instructor_name: 'Noor Haddad',
  room_name: 'Roof room',
  booking_id: 'b1',
  booking_state: 'held',
  session_state: 'scheduled',
  calendar_sequence: 0,
  free_cancel_until: '2026-11-24T06:00:00+00:00',
  late_refund_percent: 0,
  ...change,
});

/** Ada's order of one class, placed and waiting for its money, with whatever a test changes about it. */
export const order = (change: Partial<Order> = {}): Order => ({
  order_id: '90000000-0000-4000-8000-000000000001',
  reference: '7K3QX9TM',
  number: null,
  state: 'placed',
  currency: 'EUR',
  tax_cents: 312,
  total_cents: 1800,
  placed_at: '2026-11-21T10:00:00+00:00',
  payment_confirmed_at: null,
  hold_expires_at: '2026-11-21T10:15:00+00:00',
  name: 'Ada Martín',
  email: 'ada@example.test',
  lines: [line()],
  payment: null,
  refunds: [],
  ...change,
});

export const payment = (
  change: Partial<NonNullable<Order['payment']>> = {},
): NonNullable<Order['payment']> => ({
  payment_id: 'p1',
  attempt: 1,
  state: 'pending',
  provider: 'stripe',
  failure_code: null,
  failure_message: null,
  ...change,
});
