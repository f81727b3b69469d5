import type { Session } from '#booking/sessions.ts';

/** A class tonight at Lotus & Bean, with whatever a test changes about it. */
export const session = (change: Partial<Session> = {}): Session => ({
  session_id: '80000000-0000-4000-8000-000000000001',
  class_slug: 'candle-yin',
  class_name: { en: 'Candlelight Yin', es: 'Yin a la luz de las velas' },
  summary: {},
  style: 'yin',
  level: 'all',
  starts_at: '2026-11-24T18:00:00+00:00',
  ends_at: '2026-11-24T19:15:00+00:00',
  instructor_slug: 'noor',
  instructor_name: 'Noor Haddad',
  instructor_picture: 'portrait/noor',
  room_name: 'Roof room',
  capacity: 12,
  seats_left: 5,
  price_cents: 1800,
  currency: 'EUR',
  state: 'scheduled',
  opens_at: '2026-09-25T18:00:00+00:00',
  closes_at: '2026-11-24T18:00:00+00:00',
  version: 3,
  my_booking_id: null,
  my_booking_state: null,
  ...change,
});
