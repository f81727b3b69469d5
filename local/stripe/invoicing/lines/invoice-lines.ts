import type Stripe from 'stripe';
import { decimalOnWire } from '../../catalogue/params.ts';
import { productOf } from '../../catalogue/prices.ts';
import { newId } from '../../state/ids.ts';
import type { World } from '../../world.ts';

/** What a line of an invoice is about, before it stands on one. Amounts in minor units; credits are negative. */
export interface LineDraft {
  amount: number;
  currency: string;
  description: string;
  quantity: number;
  period: { start: number; end: number };
  price: Readonly<Stripe.Price> | null;
  subscription: string | null;
  subscriptionItem: string | null;
  proration: boolean;
  discountable: boolean;
  metadata: Stripe.Metadata;
  /** The pending invoice item the line was made of. */
  invoiceItem: string | null;
}

/** The next period of a subscription item, in full. */
export function periodLine(
  world: World,
  item: Readonly<Stripe.SubscriptionItem>,
  period: { start: number; end: number },
  free = false,
): LineDraft {
  const quantity = item.quantity ?? 1;
  const { name } = productOf(world, item.price);
  const { interval = 'month', interval_count = 1 } = item.price.recurring ?? {};
  const every = interval_count === 1 ? interval : `every ${interval_count} ${interval}s`;
  return {
    amount: free ? 0 : (item.price.unit_amount ?? 0) * quantity,
    currency: item.price.currency,
    description: free ? `Trial period for ${name}` : `${quantity} × ${name} (${every})`,
    quantity,
    period,
    price: item.price,
    subscription: item.subscription,
    subscriptionItem: item.id,
    proration: false,
    discountable: true,
    metadata: item.metadata,
    invoiceItem: null,
  };
}

export function makeLine(
  draft: LineDraft,
  invoice: string | null,
  discounts: { discount: string; amount: number }[],
): Stripe.InvoiceLineItem {
  return {
    id: newId('il'),
    object: 'line_item',
    amount: draft.amount,
    currency: draft.currency,
    description: draft.description,
    discount_amounts: discounts,
    discountable: draft.discountable,
    discounts: discounts.map(({ discount }) => discount),
    invoice,
    livemode: false,
    metadata: draft.metadata,
    parent: parentOf(draft),
    period: draft.period,
    pretax_credit_amounts: [],
    pricing: draft.price
      ? {
          type: 'price_details',
          price_details: { price: draft.price.id, product: draft.price.product as string },
          unit_amount_decimal: decimalOnWire(draft.proration ? draft.amount : (draft.price.unit_amount ?? 0)),
        }
      : null,
    quantity: draft.quantity,
    quantity_decimal: decimalOnWire(draft.quantity),
    subscription: draft.subscription,
    subtotal: draft.amount,
    taxes: [],
  } satisfies Stripe.InvoiceLineItem;
}

function parentOf(draft: LineDraft): Stripe.InvoiceLineItem.Parent {
  const { proration, subscription } = draft;
  if (draft.subscriptionItem === null)
    return {
      type: 'invoice_item_details',
      subscription_item_details: null,
      invoice_item_details: {
        invoice_item: draft.invoiceItem ?? '',
        proration,
        proration_details: { credited_items: null },
        subscription,
      },
    };
  return {
    type: 'subscription_item_details',
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: draft.invoiceItem,
      proration,
      proration_details: { credited_items: null },
      subscription,
      subscription_item: draft.subscriptionItem,
    },
  };
}
