import { balanceRoutes } from './balance/balance.ts';
import { balanceTransactionRoutes } from './balance/balance-transactions.ts';
import { payoutRoutes } from './balance/payouts.ts';
import { previewRoutes } from './subscriptions/changes/previews.ts';
import { subscriptionItemRoutes } from './subscriptions/subscription-items.ts';
import { subscriptionRoutes } from './subscriptions/subscriptions.ts';
import { testClockRoutes } from './subscriptions/time/test-clocks.ts';
import { couponRoutes } from './catalogue/coupons.ts';
import { priceRoutes } from './catalogue/prices.ts';
import { productRoutes } from './catalogue/products.ts';
import { promotionCodeRoutes } from './catalogue/promotion-codes.ts';
import { checkoutSessionRoutes } from './checkout/checkout-sessions.ts';
import { accountLinkRoutes } from './connect/account-links.ts';
import { accountRoutes } from './connect/accounts.ts';
import { applicationFeeRoutes } from './connect/application-fees.ts';
import { transferRoutes } from './connect/transfers.ts';
import { customerRoutes } from './customers/customers.ts';
import { paymentMethodRoutes } from './customers/payment-methods.ts';
import { setupIntentRoutes } from './customers/setup-intents.ts';
import { eventRoutes } from './events/events.ts';
import { webhookEndpointRoutes } from './events/webhook-endpoints.ts';
import { invoiceItemRoutes } from './invoicing/lines/invoice-items.ts';
import { invoicePaymentRoutes } from './invoicing/invoice-payments.ts';
import { invoiceRoutes } from './invoicing/invoice-routes.ts';
import { chargeRoutes } from './payments/charges.ts';
import { disputeRoutes } from './refunds/disputes.ts';
import { paymentIntentRoutes } from './payments/payment-intents.ts';
import { refundRoutes } from './refunds/refunds.ts';
import { portalConfigurationRoutes } from './portal/portal-configurations.ts';
import { portalSessionRoutes } from './portal/portal-sessions.ts';
import { resumeManualPayouts, resumePayouts } from './balance/payouts.ts';
import { resumeSubscriptions } from './subscriptions/time/cycle.ts';
import { resumeSessions } from './checkout/checkout-sessions.ts';
import { resumeInvoices } from './invoicing/collecting.ts';
import { resumeDisputes } from './refunds/disputes.ts';
import { resumeAuthorizations } from './payments/attempt/settlement.ts';
import { locationRoutes } from './terminal/locations.ts';
import { readerActionRoutes } from './terminal/reader-actions.ts';
import { readerRoutes } from './terminal/readers.ts';
import type { Route } from './wire/routes.ts';
import type { World } from './world.ts';
import { resumeDebits } from './payments/attempt/debits.ts';
import { resumeRefunds } from './refunds/refund-outcomes.ts';

/** Everything the API does. */
export const ROUTES: Route[] = [
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...setupIntentRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...couponRoutes,
  ...promotionCodeRoutes,
  ...paymentIntentRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...balanceRoutes,
  ...balanceTransactionRoutes,
  ...payoutRoutes,
  ...checkoutSessionRoutes,
  ...subscriptionRoutes,
  ...subscriptionItemRoutes,
  ...previewRoutes,
  ...invoiceRoutes,
  ...invoiceItemRoutes,
  ...invoicePaymentRoutes,
  ...testClockRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...accountRoutes,
  ...accountLinkRoutes,
  ...transferRoutes,
  ...applicationFeeRoutes,
  ...locationRoutes,
  ...readerRoutes,
  ...readerActionRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
];

/** Takes up, after a restart, everything that time alone will change. */
export function resumeAll(world: World): void {
  resumeSessions(world);
  resumeDebits(world);
  resumeAuthorizations(world);
  resumeRefunds(world);
  resumeDisputes(world);
  resumeSubscriptions(world);
  resumeInvoices(world);
  resumePayouts(world);
  resumeManualPayouts(world);
}
