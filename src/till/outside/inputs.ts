/** What outside tills send, and what managers say about them. */
import { z } from 'zod';
import { ticked, whole } from '#platform/inputs.ts';

/** What an outside till can be told of. */
export const hearable = [
  'order.placed',
  'order.paid',
  'order.ready',
  'order.collected',
  'order.cancelled',
  'order.refunded',
  'product.changed',
  'stock.changed',
] as const;
export type Hearable = (typeof hearable)[number];

/** What every message has. What is in its data is looked at when it is obeyed, so that it is stored first. */
export const envelope = z.looseObject({ type: z.string().min(1).max(60), data: z.looseObject({}) });

const outsideId = z.string().min(1).max(100);
const cents = z.int().min(0).max(1_000_000_000);
const moment = z.iso.datetime({ offset: true });
const message = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({ type: z.literal(type), timestamp: moment.optional(), data });

/** For the API document: the messages that are obeyed. Others are kept and ignored. */
export const messages = z.union([
  message(
    'sale.made',
    z.object({
      id: outsideId.describe('The sale’s own id there. Told twice, it is one sale.'),
      at: moment.optional(),
      lines: z
        .array(
          z.object({
            product: outsideId.describe('As that till calls it, or our id'),
            quantity: z.int().min(1).max(1000),
            unit_cents: cents.describe('As charged'),
            label: z.string().optional(),
            note: z.string().optional(),
            tax_rate_bp: z
              .int()
              .min(0)
              .max(5000)
              .optional()
              .describe(
                'Of what is not known here, in hundredths of a per cent; without it, as most of what is sold here',
              ),
          }),
        )
        .min(1)
        .max(100),
      tender: z.enum(['cash', 'card', 'other']).optional(),
      tip_cents: cents.optional(),
      total_cents: cents.optional(),
      serving: z
        .enum(['eat_in', 'takeaway'])
        .optional()
        .describe('Without it, as the counter means it where nobody says'),
    }),
  ),
  message(
    'sale.refunded',
    z.object({
      id: outsideId,
      sale_id: outsideId,
      lines: z
        .array(
          z.object({
            product: outsideId,
            quantity: z.int().min(1).max(1000),
            amount_cents: cents.optional(),
          }),
        )
        .optional()
        .describe('Without lines and amount_cents: all that is left'),
      amount_cents: cents.optional(),
      stock: z.enum(['back', 'waste']).optional(),
      reason: z.string().optional(),
    }),
  ),
  message(
    'stock.moved',
    z.object({
      id: outsideId,
      at: moment.optional(),
      kind: z.enum(['delivery', 'waste', 'count', 'correction']),
      lines: z
        .array(
          z.object({
            product: outsideId,
            quantity: z.int(),
            unit_cost_cents: z
              .int()
              .min(0)
              .max(10_000_000_000)
              .optional()
              .describe('Of a delivery: what one of them cost. It moves the average cost of what is there.'),
          }),
        )
        .min(1)
        .max(300),
      why: z.string().optional(),
    }),
  ),
]);

const event = z.enum(hearable);
const facts = {
  name: z.string().trim().min(1).max(60),
  url: z.string().trim().max(500).default(''),
  events: event
    .transform((one) => [one])
    .or(z.array(event).max(hearable.length))
    .default([]),
  to_board: ticked,
};
const which = { id: z.guid() };

export const connectInput = z.object({ location_id: z.guid(), ...facts });
export const saveInput = z.object({ ...which, ...facts });
export type PosFacts = Omit<z.output<typeof saveInput>, 'id'>;
export const whichInput = z.object(which);
export const rotateInput = z.object({ ...which, overlap_hours: whole(0, 72).default(24) });
export const stateInput = z.object({ ...which, state: z.enum(['on', 'paused', 'ended']) });

const what = z
  .string()
  .regex(/^(product|item):[0-9a-f-]{36}(:[0-9a-f-]{36})?$/)
  .transform((text) => {
    const [kind, id = '', option] = text.split(':');
    return kind === 'item'
      ? { stock_item_id: id }
      : { product_id: id, ...(option === undefined ? {} : { modifier_ids: [option] }) };
  });
/** A program names what it is by its ids; the form by `what`: `product:<id>`, `product:<id>:<option>`, `item:<id>`. */
export const linkInput = z.object({
  ...which,
  outside_id: z.string().trim().min(1).max(100),
  what: what.optional(),
  product_id: z.guid().optional(),
  modifier_ids: z.array(z.guid()).max(10).optional(),
  stock_item_id: z.guid().optional(),
  units: whole(1, 1_000_000).default(1),
});
export const unlinkInput = z.object({ ...which, link_id: whole(1, Number.MAX_SAFE_INTEGER) });
export const pageInput = z.object({
  ...which,
  limit: whole(1, 200).default(50),
  cursor: whole(1, Number.MAX_SAFE_INTEGER).optional(),
});
