/** When an order could be collected. */
import { z } from 'zod';
import { cartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { pickupTimes } from '#shop/ordering/handover.ts';

export const GET = endpoint({
  summary: 'When what is in your cart could be collected',
  input: z.object({}),
  limit: 'read',
  act: ({ context, db, locals: { business } }) => pickupTimes(db, business.id, cartToken(context.cookies)),
});
