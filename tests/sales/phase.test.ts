import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { declinedSentence, isOpen, nextLine, phaseOf, taxesOf } from '#sales/phase.ts';
import { line, order, payment } from './order.ts';

const before = Date.parse('2026-11-22T10:00:00Z');
const after = Date.parse('2026-11-25T10:00:00Z');
const booked = line({ booking_state: 'confirmed', state: 'fulfilled' });
const paid = order({ state: 'paid', lines: [booked], payment: payment({ state: 'captured' }) });
const refund = {
  refund_id: 'r1',
  amount_cents: 1800,
  currency: 'EUR',
  reason: 'paid_too_late' as const,
  state: 'requested' as const,
  created_at: '2026-11-21T10:20:00+00:00',
  settled_at: null,
};

test('an order that was placed asks to be paid', () => {
  expect(phaseOf(order(), before)).toBe('to_pay');
  expect(phaseOf(order({ payment: payment() }), before)).toBe('to_pay');
  expect(phaseOf(order({ payment: payment({ state: 'requires_action' }) }), before)).toBe('to_pay');
});

test('a declined card leaves the order open, with its reason', () => {
  const declined = phaseOf(
    order({ payment: payment({ state: 'failed', failure_code: 'expired_card' }) }),
    before,
  );
  expect([declined, isOpen(declined)]).toEqual(['declined', true]);
});

test.each(['processing', 'authorized'] as const)('a payment that is %s is being confirmed', (state) => {
  expect(phaseOf(order({ payment: payment({ state }) }), before)).toBe('confirming');
});

test('a paid order looks ahead to its class, and back to it afterwards', () => {
  expect([phaseOf(paid, before), phaseOf(paid, after)]).toEqual(['paid', 'been']);
});

test('an order whose every class was cancelled is over, one that keeps a class is not', () => {
  const gone = line({ booking_state: 'cancelled', state: 'reversed' });
  expect(phaseOf({ ...paid, lines: [gone, gone] }, before)).toBe('called_off');
  expect(phaseOf({ ...paid, lines: [gone, booked] }, before)).toBe('paid');
});

test('an order that was not paid in time says so; one that was paid too late says where the money is', () => {
  expect(phaseOf(order({ state: 'expired' }), before)).toBe('expired');
  expect(phaseOf(order({ state: 'expired', refunds: [refund] }), before)).toBe('given_back');
  expect(phaseOf(order({ state: 'cancelled' }), before)).toBe('cancelled');
  expect(phaseOf(order({ state: 'cancelled', refunds: [refund] }), before)).toBe('given_back');
});

test('“see you there” names the next class that still takes place', () => {
  const first = line({
    line_id: 'first',
    booking_state: 'cancelled',
    starts_at: '2026-11-23T08:00:00Z',
    ends_at: '2026-11-23T09:00:00Z',
  });
  const second = { ...booked, line_id: 'second' };
  expect(nextLine({ lines: [second, first] }, before)?.line_id).toBe('second');
  expect(nextLine({ lines: [second, first] }, after)).toBeNull();
});

const m = messages('en');
test.each([
  ['insufficient_funds', 'There is not enough on this card.'],
  ['generic_decline', 'Your bank did not accept the payment.'],
  ['expired_card', 'This card has expired.'],
  ['incorrect_cvc', 'The three digits'],
  ['payment_intent_authentication_failure', 'Your bank wanted to be sure it was you'],
  ['processing_error', 'Something got stuck between the banks.'],
  ['stolen_card', 'The bank does not accept this card.'],
])('a card refused for %s is told so in a sentence', (code, begins) => {
  expect(declinedSentence(code, m).startsWith(begins)).toBe(true);
});

test('whatever a bank says, the customer reads a sentence and never a code', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('toString', '__proto__', 'constructor')), (code) => {
      expect(Object.values(m.sales.declined)).toContain(declinedSentence(code, m));
    }),
  );
  expect(declinedSentence(null, m)).toBe(m.sales.declined.other);
});

test('the receipt names the tax once for each rate, contained or on top', () => {
  const lines = [
    line({ tax_rate_bp: 2100, tax_cents: 312 }),
    line({ tax_rate_bp: 1000, tax_cents: 91, unit_price_cents: 1000, total_cents: 1000 }),
    line({ tax_rate_bp: 2100, tax_cents: 260, unit_price_cents: 1500, total_cents: 1500 }),
    line({ tax_rate_bp: 0, tax_cents: 0 }),
  ];
  expect(taxesOf(lines)).toEqual([
    { rate_bp: 2100, cents: 572, included: true },
    { rate_bp: 1000, cents: 91, included: true },
  ]);
  expect(taxesOf([line({ unit_price_cents: 1000, tax_cents: 210, total_cents: 1210 })])[0]?.included).toBe(
    false,
  );
});
