import type Stripe from 'stripe';
import type { World } from '../world.ts';
import { takeApplicationFee } from './application-fees.ts';
import { createTransfer } from './transfers.ts';

/** A payment with `transfer_data` goes on to the connected account at once; the application fee comes back. */
export function payDestination(world: World, charge: Readonly<Stripe.Charge>): void {
  const destination = charge.transfer_data?.destination as string | undefined;
  if (destination === undefined || charge.transfer !== undefined) return;
  const transfer = createTransfer(world, {
    amount: Math.min(charge.transfer_data?.amount ?? charge.amount_captured, charge.amount_captured),
    currency: charge.currency,
    destination,
    source_transaction: charge.id,
    ...(charge.transfer_group !== null && { transfer_group: charge.transfer_group }),
  });
  const amount = charge.application_fee_amount;
  const fee = amount === null ? null : takeApplicationFee(world, { account: destination, amount, charge });
  world.store.charges.change(charge.id, { transfer: transfer.id, ...(fee && { application_fee: fee.id }) });
}
