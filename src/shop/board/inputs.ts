/** What the board sends. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const state = z.enum(['placed', 'accepted', 'making', 'ready', 'collected']);
const step = z.object({ id: z.guid(), ticket_id: z.guid(), from: state, to: state });
const mark = z.object({
  id: z.guid(),
  ticket_id: z.guid(),
  line_ids: z.array(z.guid()).min(1).max(20),
  made: z.boolean(),
});

/** One button of a form: `from:to`, or `made:<line>`, `unmade:<line>`. */
const press = z
  .string()
  .max(60)
  .transform((text, context) => {
    const [left, right] = text.split(':');
    const line = z.guid().safeParse(right);
    if (line.success && (left === 'made' || left === 'unmade'))
      return { line_ids: [line.data], made: left === 'made' };
    const pair = z.object({ from: state, to: state }).safeParse({ from: left, to: right });
    if (pair.success) return pair.data;
    context.addIssue({ code: 'invalid_value', values: ['from:to'] });
    return z.NEVER;
  });

/** `ticket=line+line,ticket=line`: the same drink on several tickets is done. */
const sameDrink = z
  .string()
  .max(8000)
  .transform((text, context) => {
    const read = z
      .array(z.tuple([z.guid(), z.string()]))
      .min(1)
      .max(100)
      .safeParse(text.split(',').map((part) => part.split('=')));
    const made = read.data?.map(([ticket_id, lines]) => ({
      ticket_id,
      lines: z.array(z.guid()).min(1).safeParse(lines.split('+')),
    }));
    if (!made || made.some(({ lines }) => !lines.success)) {
      context.addIssue({ code: 'invalid_value', values: ['ticket=line'] });
      return z.NEVER;
    }
    return made.map(({ ticket_id, lines }) => ({ ticket_id, line_ids: lines.data ?? [] }));
  });

/** A screen sends what it has kept; a button without script sends its one tap. */
export const taps = z
  .object({
    acts: z
      .array(z.union([step, mark]))
      .min(1)
      .max(100),
  })
  .or(
    z
      .object({ act_id: z.guid().default(() => randomUUID()), made: sameDrink })
      .transform(({ act_id, made }) => ({ acts: made.map((part) => ({ id: act_id, made: true, ...part })) })),
  );

export const oneTap = z
  .object({ id: z.guid(), act_id: z.guid(), from: state, to: state })
  .or(z.object({ id: z.guid(), act_id: z.guid(), line_ids: mark.shape.line_ids, made: z.boolean() }))
  .or(
    z
      .object({ id: z.guid(), act_id: z.guid(), press })
      .transform(({ press: pressed, ...rest }) => ({ ...rest, ...pressed })),
  );

const reason = z.string().trim().min(3).max(200);
/** A form has ready answers beside the words of one's own. */
export const refusal = z
  .object({
    id: z.guid(),
    act_id: z.guid(),
    reason: z.string().trim().max(200).default(''),
    ready_reason: z.string().trim().max(200).optional(),
    stock: z.enum(['back', 'waste']).default('back'),
  })
  .transform(({ ready_reason, ...rest }) => ({ ...rest, reason: ready_reason ?? rest.reason }))
  .refine((given) => reason.safeParse(given.reason).success, { path: ['reason'], error: 'required' });

export const givingUp = z.object({ id: z.guid(), act_id: z.guid() });

const yes = z.union([z.boolean(), z.stringbool()]);
export const pace = z
  .object({
    location_id: z.guid(),
    delay_minutes: z.coerce.number().int().min(0).max(120).optional(),
    takes_orders: yes.optional(),
  })
  .refine(({ delay_minutes, takes_orders }) => delay_minutes !== undefined || takes_orders !== undefined, {
    path: ['delay_minutes'],
  });

export const soldOut = z
  .object({
    location_id: z.guid(),
    product_id: z.guid().optional(),
    modifier_id: z.guid().optional(),
    sold_out: yes,
  })
  .refine(({ product_id, modifier_id }) => (product_id === undefined) !== (modifier_id === undefined), {
    path: ['product_id'],
  });

export const which = z.object({ location_id: z.guid().optional() });
