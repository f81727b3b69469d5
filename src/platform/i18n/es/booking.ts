import type { booking as source } from '../en/booking.ts';

export const booking: typeof source = {};
