import type Stripe from 'stripe';
import { confirmationSecret, paymentsOf } from '../invoicing/invoice-payments.ts';
import { view as viewTransaction } from '../balance/balance-transactions.ts';
import type { World } from '../world.ts';
import type { Store } from '../state/store.ts';
import { invalidRequest } from '../wire/errors.ts';
import { listPage, wholeList } from './lists.ts';

type Find = (store: Store) => { get(id: string): object | undefined };

/** Where an id leads, by what stands before its underscore. */
const BY_PREFIX: Record<string, Find> = {
  cus: (store) => store.customers,
  pm: (store) => store.paymentMethods,
  seti: (store) => store.setupIntents,
  prod: (store) => store.products,
  price: (store) => store.prices,
  promo: (store) => store.promotionCodes,
  di: (store) => store.discounts,
  pi: (store) => store.paymentIntents,
  ch: (store) => store.charges,
  py: (store) => store.charges,
  re: (store) => store.refunds,
  du: (store) => store.disputes,
  txn: (store) => store.balanceTransactions,
  po: (store) => store.payouts,
  acct: (store) => store.accounts,
  tr: (store) => store.transfers,
  fee: (store) => store.applicationFees,
  cs: (store) => store.checkoutSessions,
  sub: (store) => store.subscriptions,
  in: (store) => store.invoices,
  ii: (store) => store.invoiceItems,
  tml: (store) => store.terminalLocations,
  tmr: (store) => store.terminalReaders,
  clock: (store) => store.testClocks,
  bpc: (store) => store.portalConfigurations,
};

/** Coupons and products may have ids of the owner's choosing, so the property's name tells where they lead. */
const BY_NAME: Record<string, Find> = {
  coupon: (store) => store.coupons,
  product: (store) => store.products,
  default_price: (store) => store.prices,
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
  const found = find?.(world.store).get(id) ?? world.store.deletedCustomers.get(id);
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
