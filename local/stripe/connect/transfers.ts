import type Stripe from 'stripe';
import { recordMovement } from '../balance/balance-transactions.ts';
import { emit } from '../events/events.ts';
import { checkAmount, checkCurrency } from '../payments/amounts.ts';
import { needCharge } from '../payments/charges.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range, wholeList } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, flag, metadata, required, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { needAccount } from './accounts.ts';

const createParams = fields<Stripe.TransferCreateParams>({
  amount: required(whole),
  currency: required(text),
  destination: required(text),
  description: text,
  metadata,
  source_transaction: text,
  transfer_group: text,
});

export function createTransfer(world: World, params: Stripe.TransferCreateParams): Stripe.Transfer {
  const currency = checkCurrency(params.currency);
  const amount = params.amount ?? 0;
  checkAmount(amount, currency);
  needAccount(world, params.destination, 'destination');
  const source =
    params.source_transaction === undefined
      ? null
      : needCharge(world, params.source_transaction, 'source_transaction').id;
  const id = newId('tr');
  const transaction = recordMovement(world, {
    type: 'transfer',
    amount: -amount,
    currency,
    source: id,
    description: params.description ?? null,
    now: true,
  });
  const transfer = world.store.transfers.put({
    id,
    object: 'transfer',
    amount,
    amount_reversed: 0,
    balance_transaction: transaction.id,
    created: world.clock.now(),
    currency,
    description: params.description ?? null,
    destination: params.destination,
    destination_payment: newId('py'),
    livemode: false,
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    reversals: wholeList<Stripe.TransferReversal>([], `/v1/transfers/${id}/reversals`),
    reversed: false,
    source_transaction: source,
    source_type: 'card',
    transfer_group: params.transfer_group ?? null,
  } satisfies Stripe.Transfer);
  emit(world, 'transfer.created', transfer);
  return transfer;
}

/** Takes a transfer back: an amount, or the same share of it that is refunded to the customer. */
export function reverseTransfer(
  world: World,
  id: string,
  wanted: { amount?: number; share?: number; metadata?: Stripe.Metadata },
): Stripe.TransferReversal {
  const transfer = needTransfer(world, id);
  const left = transfer.amount - transfer.amount_reversed;
  const amount = wanted.amount ?? Math.min(left, Math.round(transfer.amount * (wanted.share ?? 1)));
  if (amount < 1 || amount > left)
    throw invalidRequest(`You may only reverse up to ${left} of this transfer, not ${amount}.`, {
      param: 'amount',
    });
  const reversalId = newId('trr');
  const transaction = recordMovement(world, {
    type: 'transfer_refund',
    amount,
    currency: transfer.currency,
    source: reversalId,
    now: true,
  });
  const reversal = {
    id: reversalId,
    object: 'transfer_reversal',
    amount,
    balance_transaction: transaction.id,
    created: world.clock.now(),
    currency: transfer.currency,
    destination_payment_refund: null,
    metadata: wanted.metadata ?? {},
    source_refund: null,
    transfer: id,
  } satisfies Stripe.TransferReversal;
  const after = world.store.transfers.change(id, {
    amount_reversed: transfer.amount_reversed + amount,
    reversed: amount === left,
    reversals: { ...transfer.reversals, data: [reversal, ...transfer.reversals.data] },
  });
  emit(world, 'transfer.reversed', after, transfer);
  return reversal;
}

function needTransfer(world: World, id: string): Readonly<Stripe.Transfer> {
  const transfer = world.store.transfers.get(id);
  if (!transfer) throw noSuch('transfer', id);
  return transfer;
}

const listParams = fields<Stripe.TransferListParams>({
  ...paging,
  created: range,
  destination: text,
  transfer_group: text,
});

const reversalParams = fields<Stripe.TransferCreateReversalParams>({
  amount: whole,
  description: text,
  metadata,
  refund_application_fee: flag,
});

export const transferRoutes: Route[] = [
  route('POST', '/transfers', createParams, ({ world, params }) => createTransfer(world, params)),
  route('GET', '/transfers', listParams, ({ world, params, path }) =>
    listPage(
      world.store.transfers,
      path,
      params,
      (transfer) =>
        transfer.destination === (params.destination ?? transfer.destination) &&
        transfer.transfer_group === (params.transfer_group ?? transfer.transfer_group) &&
        inRange(transfer.created, params.created),
    ),
  ),
  route('GET', '/transfers/:id', noParams, ({ world }, id) => needTransfer(world, id)),
  route(
    'POST',
    '/transfers/:id',
    fields<Stripe.TransferUpdateParams>({ description: text, metadata }),
    ({ world, params }, id) => {
      const before = needTransfer(world, id);
      const after = world.store.transfers.change(id, merge(before, params));
      emit(world, 'transfer.updated', after, before);
      return after;
    },
  ),
  route('POST', '/transfers/:id/reversals', reversalParams, ({ world, params }, id) =>
    reverseTransfer(world, id, {
      ...(params.amount !== undefined && { amount: params.amount }),
      metadata: (params.metadata || {}) as Stripe.Metadata,
    }),
  ),
  route(
    'GET',
    '/transfers/:id/reversals',
    fields<Stripe.TransferListReversalsParams>(paging),
    ({ world, path }, id) => wholeList(needTransfer(world, id).reversals.data, path),
  ),
];
