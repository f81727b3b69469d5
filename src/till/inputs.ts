/** What a till sends: forms and programs say the same. */
import { z } from 'zod';
import { whole } from '#platform/inputs.ts';
import { parseMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';
import { lineFields } from '#shop/menu/choices.ts';
import type { Serving } from '#shop/ordering/handover.ts';
import { type TicketLine, readLine } from './ticket.ts';

const slug = z.string().regex(/^[a-z0-9-]{1,60}$/);
export const cents = whole(0, 999_999_999);
const aLine = z
  .string()
  .max(2000)
  .transform((text, context) => {
    const line = readLine(text);
    if (line) return line;
    context.addIssue({ code: 'custom', message: 'invalid' });
    return z.NEVER;
  });

export const ways = ['cash', 'terminal', 'wallet'] as const;

export interface Sale {
  till_id: string;
  sale_id: string;
  lines: TicketLine[];
  /** Undefined: as the counter serves, at the table where it can. */
  serving: Serving | undefined;
  tip: number;
  name: string;
  promo: string;
  reward: string | null;
  pay_with: (typeof ways)[number];
  tendered_cents: number | undefined;
  member_id: string | undefined;
  expected_total_cents: number | undefined;
}

/**
 * A program sends `lines`; the till's own form repeats `line` (see ticket.ts). What was handed over comes as minor units
 * (a button) or as somebody typed it.
 */
export const saleInput = z.object({
  till_id: z.guid(),
  sale_id: z.guid().optional(),
  sale: z.guid().optional(),
  lines: z
    .array(z.object({ slug, ...lineFields }))
    .min(1)
    .max(20)
    .optional(),
  line: aLine
    .transform((one) => [one])
    .or(z.array(aLine).min(1).max(20))
    .optional(),
  serving: z.enum(['takeaway', 'eat_in']).optional(),
  tip: whole(0, 100).default(0),
  name: z.string().trim().max(40).default(''),
  promo: z.string().trim().max(30).default(''),
  reward: z.guid().nullable().default(null),
  pay_with: z.enum(ways),
  tendered_cents: cents.optional(),
  tendered: z.string().trim().max(20).optional(),
  member_id: z.guid().optional(),
  member: z.guid().optional(),
  expected_total_cents: cents.optional(),
});

/** Refuses 422 amount_invalid for an amount that cannot be read, lines_invalid for a sale of nothing. */
export function readSale(input: z.output<typeof saleInput>, locals: App.Locals): Sale | Refusal {
  const { sale, line, member, tendered, ...said } = input;
  const id = said.sale_id ?? sale;
  const lines = said.lines ?? line;
  if (!lines || !id) return new Refusal('lines_invalid', 422);
  const typed = tendered ? parseMoney(tendered, locals.business.currency, locals.locale) : undefined;
  if (typed === null || (typed ?? 0) < 0) return new Refusal('amount_invalid', 422, { field: 'tendered' });
  return {
    ...said,
    serving: said.serving,
    sale_id: id,
    lines,
    member_id: said.member_id ?? member,
    tendered_cents: said.pay_with === 'cash' ? (typed ?? said.tendered_cents) : undefined,
    expected_total_cents: said.expected_total_cents,
  };
}

/** `amount` as somebody writes money, or `amount_cents` from a program. */
const amount = { amount: z.string().trim().max(20).optional(), amount_cents: cents.optional() };
export const countInput = z.object({ till_id: z.guid(), ...amount });
export const moveInput = z.object({
  till_id: z.guid(),
  kind: z.enum(['pay_in', 'pay_out']),
  reason: z.string().trim().min(3).max(200),
  ...amount,
});
/** `from` as somebody writes money (a field of its own: the page has other amounts). */
export const noticeInput = z.object({
  till_id: z.guid(),
  from: amount.amount,
  from_cents: amount.amount_cents,
});
export const tillInput = z.object({ location_id: z.guid(), name: z.string().trim().min(1).max(40) });

export function readAmount(
  { amount: text, amount_cents: exact }: { amount?: string | undefined; amount_cents?: number | undefined },
  { business, locale }: App.Locals,
): number | Refusal {
  const read = exact ?? (text ? parseMoney(text, business.currency, locale) : null);
  return read === null || read < 0 ? new Refusal('amount_invalid', 422, { field: 'amount' }) : read;
}

const keptLine = z.object({
  product_id: z.guid(),
  modifier_ids: z.array(z.guid()).max(40).default([]),
  quantity: whole(1, 50),
  note: z.string().trim().max(140).optional(),
  /** Of one with its modifiers, as the till asked for it. */
  unit_cents: cents,
  /** What it was called, for the day nobody knows the product any more. */
  label: z.string().trim().max(120).optional(),
});

/** Sales made without a connection. What one of them lacks is told for it alone; the others are kept. */
export const syncInput = z.object({
  till_id: z.guid(),
  /** Who sold them, where the device knows: then nobody else sends them. */
  sold_by: z.guid().optional(),
  sales: z
    .array(
      z.object({
        sale_id: z.guid(),
        /** By the device's clock. */
        at: z.iso.datetime({ offset: true }),
        lines: z.array(keptLine).min(1).max(20),
        serving: z.enum(['takeaway', 'eat_in']).default('eat_in'),
        tip_cents: whole(0, 100_000_000).default(0),
        pay_with: z.enum(['cash', 'terminal']),
        tendered_cents: cents.optional(),
        /** What the customer paid. */
        total_cents: cents,
        member_id: z.guid().optional(),
      }),
    )
    .min(1)
    .max(50),
});
