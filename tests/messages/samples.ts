/** Facts as SQL hands them to letters and notices: one of each. */
import type { TemplateName } from '#messages/templates/index.ts';

export const lotus = {
  id: '10000000-0000-4000-8000-000000000001',
  slug: 'lotus',
  name: 'Lotus & Bean',
  host: 'localhost',
  country: 'ES',
  time_zone: 'Europe/Madrid',
  currency: 'EUR',
  locales: ['en', 'es'],
  email: 'hello@lotus.test',
  phone: '+34 910 555 014',
  address: { line1: 'Calle del Olivar 24', postcode: '28012', city: 'Madrid' },
  branding: {},
};
export const sur = {
  ...lotus,
  slug: 'barberia-sur',
  name: 'Barbería Sur',
  host: 'barberia.localhost',
  country: 'AR',
  time_zone: 'America/Argentina/Buenos_Aires',
  currency: 'ARS',
  locales: ['es', 'en'],
  address: {},
};
export type Business = Omit<typeof lotus, 'address'> & { address: object };

export const line = {
  label: { en: 'Candlelight Yin', es: 'Yin a la luz de las velas' },
  total_cents: 1600,
  session_id: '5e550000-0000-4000-8000-000000000001',
  booking_id: 'b0000000-0000-4000-8000-000000000001',
  starts_at: '2026-12-01T18:30:00+00:00',
  ends_at: '2026-12-01T19:45:00+00:00',
  instructor_name: 'Noor Haddad',
  room_name: 'Roof room',
  free_cancel_until: '2026-12-01T06:30:00+00:00',
};
export const order = {
  order_id: '0bde0000-0000-4000-8000-000000000001',
  reference: '7K3QX9TM',
  number: '2026-000042',
  name: 'Ada',
  currency: 'EUR',
  tax_cents: 278,
  total_cents: 1600,
  lines: [line],
};
export const cancelled = {
  name: 'Ada',
  booking_id: line.booking_id,
  session_id: line.session_id,
  class_name: line.label,
  starts_at: line.starts_at,
  ends_at: line.ends_at,
  instructor_name: line.instructor_name,
  room_name: line.room_name,
  late: false,
  refund_cents: 1600,
  paid_cents: 1600,
  currency: 'EUR',
};
export const moneyBack = { ...order, refund_cents: 1600, refund_currency: 'EUR' };

const { late: _late, refund_cents: _refund, paid_cents: _paid, ...booked } = cancelled;
const { booking_id: _booking, ...aClass } = booked;
const waiting = { ...aClass, entry_id: 'e0000000-0000-4000-8000-000000000001' };
const asked = { ...aClass, request_id: 'a0000000-0000-4000-8000-000000000001' };
const plan = { name: 'Ada', plan_name: { en: 'Ten classes', es: 'Diez clases' } };
const pass = { ...plan, pass_id: 'c0000000-0000-4000-8000-000000000001' };
const membership = { ...plan, membership_id: 'd0000000-0000-4000-8000-000000000001' };
const money = { amount_cents: 4500, currency: 'EUR' };
const later = '2026-12-31T23:00:00+00:00';

/** What each letter needs, with everything that may be missing. */
const timeOff = {
  name: 'Ada',
  time_off_id: 'b0000000-0000-4000-8000-000000000002',
  starts_at: '2026-12-21T23:00:00+00:00',
  ends_at: '2026-12-23T23:00:00+00:00',
  classes: 2,
};

export const sampleData: Record<TemplateName, object> = {
  order_confirmed: order,
  paid_too_late: moneyBack,
  paid_twice: moneyBack,
  amount_mismatch: moneyBack,
  order_ready: {
    name: 'Ada',
    order_id: order.order_id,
    call_number: 12,
    serving: 'takeaway',
    table_label: null,
    location_name: 'Olivar',
  },
  order_refused: {
    name: 'Ada',
    order_id: order.order_id,
    reference: order.reference,
    reason: 'No oat milk',
    ...money,
  },
  order_refunded: {
    name: 'Ada',
    order_id: order.order_id,
    reference: order.reference,
    reason: 'The cup had a crack',
    ...money,
  },
  refund_failed: { name: 'Ada', order_id: order.order_id, ...money },
  booking_cancelled: { ...cancelled, credits: 2, credits_back: 1 },
  session_cancelled: {
    ...booked,
    reason: 'Noor is ill',
    refund_cents: 1600,
    currency: 'EUR',
    credits_back: 2,
  },
  session_changed: {
    ...booked,
    old_starts_at: '2026-12-01T17:00:00+00:00',
    old_room_name: 'Garden room',
    old_instructor_name: 'Mateo Ruiz',
    free_cancel_until: line.free_cancel_until,
  },
  substitute_teacher: { ...booked, old_instructor_name: 'Mateo Ruiz' },
  fee_charged: { ...booked, ...money, reason: 'no_show', credits_lost: 1, order_id: order.order_id },
  fee_waived: { ...booked, ...money, credits_back: 1 },
  refilled: { ...booked, ...money, credits_back: 1 },
  waitlist_joined: { ...waiting, position: 2, mode: 'offer' },
  waitlist_offer: { ...waiting, offered_until: '2026-11-30T12:30:00+00:00' },
  waitlist_open: waiting,
  waitlist_promoted: { ...booked, ...money, credits_used: 1, free_cancel_until: line.free_cancel_until },
  waitlist_moved: { ...waiting, old_starts_at: '2026-12-01T17:00:00+00:00', position: 2 },
  waitlist_lapsed: { ...waiting, reason: 'deadline' },
  waitlist_left: { ...waiting, reason: 'overlap' },
  session_reminder: { ...booked, free_cancel_until: line.free_cancel_until },
  pass_expiring: { ...pass, expires_at: later, credits_left: 3 },
  pass_used_up: pass,
  pass_given: { ...pass, credits: 10 },
  pass_refunded: { ...pass, ...money },
  membership_started: { ...membership, ...money, period_ends_at: later },
  membership_renewed: { ...membership, ...money, period_ends_at: later },
  membership_frozen: {
    ...membership,
    ...money,
    frozen_from: line.starts_at,
    frozen_until: later,
    next_charge_at: later,
  },
  membership_changed: { ...membership, period_ends_at: later },
  membership_ended: { ...membership, ended_at: later },
  payment_failed: { ...membership, ...money, grace_until: later },
  membership_suspended: membership,
  membership_recovered: membership,
  goal_nudge: { name: 'Ada', target: 3, done: 2, period: 'week', days_left: 2 },
  milestone: { name: 'Ada', measure: 'classes', count: 50 },
  substitute_wanted: { ...asked, note: 'It is a quiet group', until: '2026-11-30T12:30:00+00:00' },
  substitute_found: { ...asked, substitute_name: 'Tomás Leiva' },
  substitute_to_approve: { ...asked, substitute_name: 'Tomás Leiva' },
  substitute_yours: { ...asked, old_instructor_name: 'Mateo Ruiz', calendar_sequence: 1 },
  substitute_turned_down: asked,
  substitute_nobody: asked,
  stock_low: {
    name: 'Marta',
    item_id: 'i1',
    item_name: { en: 'Oat drink', es: 'Bebida de avena' },
    unit: 'ml',
    on_hand: 1500,
    low_at: 6000,
    location_id: 'l1',
    location_name: 'Calle Olmo',
    supplier: 'Avenar',
  },
  time_off_requested: { ...timeOff, instructor_name: 'Noor Haddad', reason: 'My sister’s wedding' },
  time_off_decided: { ...timeOff, granted: true, answer: 'Enjoy it' },
  staff_invitation: { role: 'owner', token: 't', invited_by: null },
  gift_card: {
    card_id: '91f7ca2d-0000-4000-8000-000000000001',
    to_name: 'Bruno',
    from_name: 'Ada',
    message: 'Come and breathe.\nYou have earned it.',
    amount_cents: 5000,
    currency: 'EUR',
    expires_at: null,
    again: false,
    code: '7K3M-QX9T-M0V2-H4DZ',
    pin: '048213',
  },
  account_locked: { name: 'Ada', minutes: 3 },
};
