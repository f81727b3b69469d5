/** What the desk sends. */
import { z } from 'zod';
import { email } from '#members/inputs.ts';
import { acts } from './standing.ts';

export const tap = z.object({
  id: z.guid(),
  booking_id: z.guid(),
  action: z.enum(acts),
  at: z.iso.datetime({ offset: true }).optional(),
});

/** A device sends what it has kept; a button without script sends its one tap. */
export const taps = z
  .object({ actions: z.array(tap).min(1).max(200), device: z.string().max(40).default('') })
  .or(tap.transform((one) => ({ actions: [one], device: '' })));

export const waysToPay = ['pass', 'cash', 'terminal', 'wallet'] as const;
export type WayToPay = (typeof waysToPay)[number];

/** `pay`: a way to pay, or `pass:` with the pass that pays. */
const pay = z
  .string()
  .max(50)
  .transform((text, context) => {
    const [way, pass = null] = text.split(':');
    const known = z.enum(waysToPay).safeParse(way);
    const id = z.guid().nullable().safeParse(pass);
    if (known.success && id.success && (pass === null || known.data === 'pass'))
      return { pay_with: known.data, pass_id: id.data };
    context.addIssue({ code: 'invalid_value', values: [...waysToPay] });
    return z.NEVER;
  });

export const sale = z.object({ session_id: z.guid(), member_id: z.guid(), pay }).or(
  z.object({
    session_id: z.guid(),
    name: z.string().trim().min(1).max(120),
    email,
    locale: z.enum(['en', 'es']).optional(),
    pay,
  }),
);

export const aSession = z.object({ session_id: z.guid() });
const reason = z.string().trim().max(300);
export const waiver = z.object({ booking_id: z.guid(), reason: reason.min(3) });
export const cancellation = z.object({
  booking_id: z.guid(),
  free: z.literal('yes').optional(),
  reason: reason.default(''),
});
