/** What the desk sends. */
import { z } from 'zod';
import { email } from '#platform/inputs.ts';
import { acts } from './standing.ts';

export const tap = z.object({
  id: z.guid(),
  booking_id: z.guid(),
  action: z.enum(acts),
  at: z.iso.datetime({ offset: true }).optional(),
});

/** A device sends what it has kept; a button without script sends its one tap. */
export const taps = z
  .object({
    actions: z.array(tap).min(1).max(200),
    device: z.string().max(40).default(''),
    /** Whose taps a device says they are: nobody else's session sends them. */
    tapped_by: z.guid().optional(),
  })
  .or(tap.transform((one) => ({ actions: [one], device: '', tapped_by: undefined })));

export const waysToPay = ['pass', 'cash', 'terminal', 'wallet'] as const;
export type WayToPay = (typeof waysToPay)[number];

/** What one button says: how it is paid, which pass pays, which pack is bought that way first. */
export interface Pay {
  pay_with: WayToPay;
  pass_id?: string;
  pack_id?: string;
}

/** One of these ways, by itself or with the id of what it names: `cash`, `pass:<pass>`. */
const wayOf = <Way extends string>(ways: readonly Way[]) =>
  z
    .string()
    .max(60)
    .transform((text, context): { way: Way; id?: string } => {
      const [name, named] = text.split(':');
      const way = ways.find((one) => one === name);
      const id = z.guid().optional().safeParse(named);
      if (way && id.success) return { way, ...(id.data && { id: id.data }) };
      context.addIssue({ code: 'invalid_value', values: [...ways] });
      return z.NEVER;
    });

/** `pay`: a way to pay; `pass:` with the pass that pays; or a way and the pack it buys, as `cash:<pack>`. */
export const pay = wayOf(waysToPay).transform(({ way, id }): Pay => ({
  pay_with: way,
  ...(id && (way === 'pass' ? { pass_id: id } : { pack_id: id })),
}));

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

/** `pay`: how; `credits:` with the pass they are of, or the one that ends first. `booking_id`: beside whose line it is taken. */
export const fee = z.object({
  order_id: z.guid(),
  booking_id: z.guid().optional(),
  pay: wayOf(['cash', 'terminal', 'wallet', 'credits'])
    .refine(({ way, id }) => !id || way === 'credits')
    .transform(({ way, id }) => ({ pay_with: way, ...(id && { pass_id: id }) })),
});
