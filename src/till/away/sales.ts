/** In the browser: sales that were made without a connection, until the server has them and what it said of them was read. */
import { type Kept, storeIn } from '#site/offline/store.ts';
import type { Ticket } from '../ticket.ts';
import type { Reckoned } from './reckoning.ts';

export interface KeptSale extends Kept {
  till: string;
  lines: {
    product_id: string;
    modifier_ids: string[];
    quantity: number;
    note?: string;
    unit_cents: number;
    label: string;
    /** For this device's own list and slip. */
    how: string;
    total_cents: number;
  }[];
  serving: Ticket['serving'];
  tip_cents: number;
  pay_with: 'cash' | 'terminal';
  tendered_cents?: number;
  total_cents: number;
  member_id?: string;
  /** What the server said that somebody should look at. Such a sale is not sent again. */
  told?: { outcome: string; flags: string[] };
}

export const sales = storeIn<KeptSale>('atrium-till', 'sales');

/** What people read out to each other. */
export const codeOf = (id: string): string => id.slice(0, 6).toUpperCase();

interface Sold {
  user: string;
  till: string;
  ticket: Ticket;
  reckoned: Reckoned;
  pay: { with: 'cash'; tendered: number } | { with: 'terminal' };
  at: string;
}

export const saleOf = ({ user, till, ticket, reckoned, pay, at }: Sold): KeptSale => ({
  // The ticket's own: had it come through after all while the connection was dying, it is that sale.
  id: ticket.sale,
  user,
  till,
  at,
  lines: reckoned.lines.flatMap(({ product, modifier_ids, quantity, note, unit_cents, how, total_cents }) =>
    product
      ? {
          product_id: product.product_id,
          modifier_ids,
          quantity,
          ...(note ? { note } : {}),
          unit_cents,
          label: product.name.slice(0, 120),
          how,
          total_cents,
        }
      : [],
  ),
  serving: ticket.serving,
  tip_cents: reckoned.tip_cents,
  pay_with: pay.with,
  ...(pay.with === 'cash' ? { tendered_cents: pay.tendered } : {}),
  total_cents: reckoned.total_cents,
  ...(ticket.member ? { member_id: ticket.member } : {}),
});
