import type Stripe from 'stripe';
import { confirmationSecret, paymentsOf } from '../invoicing/invoice-payments.ts';
import { view as viewTransaction } from '../balance/balance-transactions.ts';
import type { World } from '../world.ts';
import type { Collection } from '../state/collection.ts';
import type { Store } from '../state/store.ts';
import { invalidRequest } from './errors.ts';
import { listPage, wholeList } from './lists.ts';

type Objects = Collection<{ id: string }>;
type Find = (store: Store) => Collection<never>;

/** Where an id leads, by what stands before its underscore. */
const BY_PREFIX: Record<string, Find> = {
  cus: (store) => store.customers as Collection<never>,
  pm: (store) => store.paymentMethods as Collection<never>,
  seti: (store) => store.setupIntents as Collection<never>,
  prod: (store) => store.products as Collection<never>,
  price: (store) => store.prices as Collection<never>,
  promo: (store) => store.promotionCodes as Collection<never>,
  di: (store) => store.discounts as Collection<never>,
  pi: (store) => store.paymentIntents as Collection<never>,
  ch: (store) => store.charges as Collection<never>,
  py: (store) => store.charges as Collection<never>,
  re: (store) => store.refunds as Collection<never>,
  du: (store) => store.disputes as Collection<never>,
  txn: (store) => store.balanceTransactions as Collection<never>,
  po: (store) => store.payouts as Collection<never>,
  acct: (store) => store.accounts as Collection<never>,
  tr: (store) => store.transfers as Collection<never>,
  fee: (store) => store.applicationFees as Collection<never>,
  cs: (store) => store.checkoutSessions as Collection<never>,
  sub: (store) => store.subscriptions as Collection<never>,
  in: (store) => store.invoices as Collection<never>,
  ii: (store) => store.invoiceItems as Collection<never>,
  clock: (store) => store.testClocks as Collection<never>,
  bpc: (store) => store.portalConfigurations as Collection<never>,
};

/** Coupons and products may have ids of the owner's choosing, so the property's name tells where they lead. */
const BY_NAME: Record<string, Find> = {
  coupon: (store) => store.coupons as Collection<never>,
  product: (store) => store.products as Collection<never>,
  default_price: (store) => store.prices as Collection<never>,
};

/** Follows `expand[]=latest_charge.balance_transaction` and the like, into copies. */
export function expand(world: World, answer: object, paths: string[]): object {
  let grown = answer;
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > 4 + (steps[0] === 'data' ? 1 : 0))
      throw invalidRequest(`You cannot expand more than 4 levels of a property (${path}).`, {
        param: 'expand',
      });
    grown = grow(world, grown, steps, path) as object;
  }
  return grown;
}

function grow(world: World, node: unknown, steps: string[], path: string): unknown {
  if (Array.isArray(node)) return node.map((item) => grow(world, item, steps, path));
  const [name, ...rest] = steps;
  if (node === null || typeof node !== 'object' || name === undefined) return node;
  const fields = node as Record<string, unknown>;
  let value = fields[name] === undefined ? included(world, fields, name) : fields[name];
  if (typeof value === 'string') value = follow(world, name, value) ?? cannotExpand(path);
  else if (Array.isArray(value))
    value = value.map((item) => (typeof item === 'string' ? (follow(world, name, item) ?? item) : item));
  else if (value === undefined || (typeof value !== 'object' && rest.length === 0)) cannotExpand(path);
  return { ...fields, [name]: grow(world, value, rest, path) };
}

function cannotExpand(path: string): never {
  throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
}

function follow(world: World, name: string, id: string): object | undefined {
  const find = BY_NAME[name] ?? BY_PREFIX[id.slice(0, id.indexOf('_'))];
  const found =
    find && ((find(world.store) as unknown as Objects).get(id) ?? world.store.deletedCustomers.get(id));
  return found && view(world, found);
}

/** Properties that are only there when asked for. */
function included(world: World, node: Record<string, unknown>, name: string): unknown {
  const id = String(node['id']);
  switch (`${String(node['object'])}.${name}`) {
    case 'checkout.session.line_items':
      return wholeList(world.store.checkoutPlans.need(id).lines, `/v1/checkout/sessions/${id}/line_items`);
    case 'charge.refunds':
      return listPage(world.store.refunds, `/v1/charges/${id}/refunds`, {}, (refund) => refund.charge === id);
    case 'customer.subscriptions':
      return listPage(
        world.store.subscriptions,
        `/v1/customers/${id}/subscriptions`,
        {},
        (subscription) => subscription.customer === id && subscription.status !== 'canceled',
      );
    case 'invoice.payments':
      return wholeList(paymentsOf(world, id), '/v1/invoice_payments');
    case 'invoice.confirmation_secret':
      return confirmationSecret(world, id);
    default:
      return undefined;
  }
}

/** The object as it reads now: some properties follow the clock instead of being stored. */
export function view<T extends object>(world: World, object: T): T {
  const kind = (object as { object?: string }).object;
  if (kind === 'balance_transaction')
    return viewTransaction(world, object as unknown as Stripe.BalanceTransaction) as unknown as T;
  if (kind === 'event')
    return {
      ...object,
      pending_webhooks: world.deliveries.pendingFor((object as unknown as { id: string }).id),
    };
  if (kind === 'list' || kind === 'search_result') {
    const { data } = object as unknown as { data: object[] };
    const first = (data[0] as { object?: string } | undefined)?.object;
    if (first === 'balance_transaction' || first === 'event')
      return { ...object, data: data.map((item) => view(world, item)) };
  }
  return object;
}
