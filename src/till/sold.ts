/** After the sale: what the tills of a counter sold, what of it goes back at one of them, and the receipt to an address. */
import { z } from 'zod';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { isId } from '#platform/ids.ts';
import { parseMoney } from '#platform/money.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { type GivenLine, type Refunded, given, reason } from '#sales/refunds/refunds.ts';
import type { TillSale } from './tills.ts';

/** A row of `api.till_sold`. */
export interface SoldSale {
  order_id: string;
  till_name: string;
  reference: string;
  number: string | null;
  call_number: number | null;
  sold_at: string;
  pay_with: TillSale['pay_with'];
  /** Null: a guest. */
  buyer: string | null;
  items: { label: LocalisedText; quantity: number; returned: number }[] | null;
  total_cents: number;
  refunded_cents: number;
  currency: string;
}

export const soldInput = z.object({
  till_id: z.guid(),
  /** Reference, receipt number, who bought it, or what it came to. */
  q: z.string().trim().max(80).default(''),
  before: z.iso.datetime({ offset: true }).optional(),
});
export const pageOfSales = 30;

/** Today's, or what is found by `q`; the latest first. Refuses 404 till_not_found. */
export async function soldAt(
  db: Db,
  { business, locale }: App.Locals,
  { till_id, q = '', before }: { till_id: string | undefined; q?: string; before?: string | undefined },
): Promise<SoldSale[] | Refusal> {
  if (!isId(till_id)) return new Refusal('till_not_found', 404);
  const amount = q ? parseMoney(q, business.currency, locale) : null;
  const sold = answer(
    await db.rpc(
      'till_sold',
      {
        business_id: business.id,
        till_id,
        page_size: pageOfSales,
        ...(q && { words: q }),
        ...(amount ? { amount_cents: amount } : {}),
        ...(before && { before_at: before }),
      },
      { get: true },
    ),
  );
  return isRefused(sold) ? sold : (sold as unknown as SoldSale[]);
}

const one = <T extends z.ZodType>(schema: T) => schema.transform((x) => [x]).or(z.array(schema).max(20));
const pieces = z
  .string()
  .regex(/^\d{0,4}$/)
  .transform(Number);

/**
 * From a program `lines`; from the till's form every line in `line_id`, how many of it go back in a field of its own
 * (`pieces_<line id>`, so that a refused form can show it again), and how many are left for `everything`.
 */
export const tillRefundInput = z.looseObject({
  till_id: z.guid(),
  sale_id: z.guid(),
  reason,
  lines: z.array(given).min(1).max(20).optional(),
  line_id: one(z.guid()).optional(),
  left: one(pieces).optional(),
  stock: z.enum(['back', 'waste']).default('waste'),
  everything: z.literal('yes').optional(),
});

/** Refuses 422 refund_lines_invalid where nothing is to go back, or it cannot be read how much. */
export function readLines(input: z.output<typeof tillRefundInput>): GivenLine[] | Refusal {
  const lines = input.lines ?? [];
  for (const [i, line_id] of (input.lines ? [] : (input.line_id ?? [])).entries()) {
    const count = input.everything
      ? input.left?.[i]
      : pieces.safeParse(input[`pieces_${line_id}`] ?? '').data;
    if (count === undefined) return new Refusal('refund_lines_invalid', 422);
    if (count > 0) lines.push({ line_id, quantity: count, stock: input.stock });
  }
  return lines.length > 0 ? lines : new Refusal('refund_lines_invalid', 422);
}

/** What whoever stands at the till is told to do, or what has happened by itself. */
export function saysOf(
  { money, currency }: Pick<Refunded, 'money' | 'currency'>,
  { m }: Pick<App.Locals, 'm'>,
  format: (cents: number, currency: string) => string,
): string {
  const { says, noMoney } = m.counter.refund;
  const known = (provider: string): provider is keyof typeof says => Object.hasOwn(says, provider);
  const said = money.map(({ provider, amount_cents: cents }) =>
    says[known(provider) ? provider : 'other']({ amount: format(cents, currency) }),
  );
  return said.length > 0 ? said.join(' ') : noMoney;
}

export const receiptInput = z.object({
  sale_id: z.guid(),
  email: z.string().trim().max(254).pipe(z.email()),
});

/** Refuses 404 order_not_found, 422 email_invalid, 429 receipt_sent_often. */
export async function mailReceipt(
  db: Db,
  { business, locale }: App.Locals,
  input: z.output<typeof receiptInput>,
  key: string,
): Promise<{ sale_id: string; till_id: string } | Refusal> {
  const sent = answer(
    await db.rpc('mail_till_receipt', {
      business_id: business.id,
      sale_id: input.sale_id,
      address: input.email,
      locale,
      idempotency_key: key,
    }),
  );
  return sent as unknown as { sale_id: string; till_id: string } | Refusal;
}
