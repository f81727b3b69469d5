import type Stripe from 'stripe';
import type { Instrument } from '../customers/cards.ts';
import type { CheckoutPlan } from '../checkout/checkout-plan.ts';
import type { PaymentPurpose } from '../payments/purpose.ts';
import type { Delivery } from '../events/deliveries.ts';
import type { StoredEvent } from '../events/events.ts';
import type { AnyReader } from '../terminal/readers.ts';
import type { KeyedAnswer } from '../wire/idempotency.ts';
import { Collection } from './collection.ts';
import type { Line } from './journal.ts';

/** What the emulator must remember of itself. */
export interface Setting {
  id: 'address' | 'clock' | 'keys' | 'dunning';
  [name: string]: string | number | number[];
}

/** Everything there is. What the API never shows (a card's behaviour, what is to be sold) stands beside its object. */
export class Store {
  readonly #collections = new Map<string, Collection<{ id: string }>>();
  readonly #changed: (collection: string, id: string) => void;

  readonly customers: Collection<Stripe.Customer>;
  readonly deletedCustomers: Collection<Stripe.DeletedCustomer>;
  readonly paymentMethods: Collection<Stripe.PaymentMethod>;
  readonly instruments: Collection<Instrument>;
  readonly setupIntents: Collection<Stripe.SetupIntent>;

  readonly products: Collection<Stripe.Product>;
  readonly prices: Collection<Stripe.Price>;
  readonly coupons: Collection<Stripe.Coupon>;
  readonly promotionCodes: Collection<Stripe.PromotionCode>;
  readonly discounts: Collection<Stripe.Discount>;

  readonly paymentIntents: Collection<Stripe.PaymentIntent>;
  readonly purposes: Collection<PaymentPurpose>;
  readonly charges: Collection<Stripe.Charge>;
  readonly refunds: Collection<Stripe.Refund>;
  readonly disputes: Collection<Stripe.Dispute>;

  readonly balanceTransactions: Collection<Stripe.BalanceTransaction>;
  readonly payouts: Collection<Stripe.Payout>;
  /** Which payout took a balance transaction to the bank. */
  readonly paidOut: Collection<{ id: string; payout: string }>;

  readonly accounts: Collection<Stripe.Account>;
  readonly accountLinks: Collection<AccountVisit>;
  readonly transfers: Collection<Stripe.Transfer>;
  readonly applicationFees: Collection<Stripe.ApplicationFee>;

  readonly checkoutSessions: Collection<Stripe.Checkout.Session>;
  readonly checkoutPlans: Collection<CheckoutPlan>;

  readonly subscriptions: Collection<Stripe.Subscription>;
  readonly invoices: Collection<Stripe.Invoice>;
  readonly invoiceItems: Collection<Stripe.InvoiceItem>;
  readonly invoicePayments: Collection<Stripe.InvoicePayment>;
  readonly testClocks: Collection<Stripe.TestHelpers.TestClock>;
  readonly portalConfigurations: Collection<Stripe.BillingPortal.Configuration>;
  readonly portalSessions: Collection<Stripe.BillingPortal.Session>;

  readonly terminalLocations: Collection<Stripe.Terminal.Location>;
  readonly terminalReaders: Collection<AnyReader>;

  readonly events: Collection<StoredEvent>;
  readonly webhookEndpoints: Collection<Stripe.WebhookEndpoint>;
  readonly deliveries: Collection<Delivery>;
  /** Answers under keys a caller chose, kept a day, and under keys the SDK made up for its own retries, kept minutes. */
  readonly keyedAnswers: Collection<KeyedAnswer>;
  readonly retryAnswers: Collection<KeyedAnswer>;
  readonly settings: Collection<Setting>;

  constructor(changed: (collection: string, id: string) => void) {
    this.#changed = changed;
    this.customers = this.#make('customers');
    this.deletedCustomers = this.#make('deletedCustomers');
    this.paymentMethods = this.#make('paymentMethods');
    this.instruments = this.#make('instruments');
    this.setupIntents = this.#make('setupIntents');
    this.products = this.#make('products');
    this.prices = this.#make('prices');
    this.coupons = this.#make('coupons');
    this.promotionCodes = this.#make('promotionCodes');
    this.discounts = this.#make('discounts');
    this.paymentIntents = this.#make('paymentIntents');
    this.purposes = this.#make('purposes');
    this.charges = this.#make('charges');
    this.refunds = this.#make('refunds');
    this.disputes = this.#make('disputes');
    this.balanceTransactions = this.#make('balanceTransactions');
    this.payouts = this.#make('payouts');
    this.paidOut = this.#make('paidOut');
    this.accounts = this.#make('accounts');
    this.accountLinks = this.#make('accountLinks');
    this.transfers = this.#make('transfers');
    this.applicationFees = this.#make('applicationFees');
    this.checkoutSessions = this.#make('checkoutSessions');
    this.checkoutPlans = this.#make('checkoutPlans');
    this.subscriptions = this.#make('subscriptions');
    this.invoices = this.#make('invoices');
    this.invoiceItems = this.#make('invoiceItems');
    this.invoicePayments = this.#make('invoicePayments');
    this.testClocks = this.#make('testClocks');
    this.portalConfigurations = this.#make('portalConfigurations');
    this.portalSessions = this.#make('portalSessions');
    this.terminalLocations = this.#make('terminalLocations');
    this.terminalReaders = this.#make('terminalReaders');
    this.events = this.#make('events');
    this.webhookEndpoints = this.#make('webhookEndpoints');
    this.deliveries = this.#make('deliveries');
    this.keyedAnswers = this.#make('keyedAnswers');
    this.retryAnswers = this.#make('retryAnswers');
    this.settings = this.#make('settings');
  }

  read(collection: string, id: string): unknown {
    return this.#collections.get(collection)?.get(id);
  }

  restore([name, id, value]: Line): void {
    const collection = this.#collections.get(name);
    if (value === null) collection?.forget(id);
    else collection?.restore(value as { id: string });
  }

  *everything(): Generator<Line> {
    for (const [name, collection] of this.#collections)
      for (const value of collection.values()) yield [name, value.id, value];
  }

  /** How many of each there are. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#collections].map(([name, { size }]) => [name, size]));
  }

  collections(): Iterable<Collection<{ id: string }>> {
    return this.#collections.values();
  }

  #make<T extends { id: string }>(name: string): Collection<T> {
    const collection = new Collection<T>(name, this.#changed);
    this.#collections.set(name, collection as unknown as Collection<{ id: string }>);
    return collection;
  }
}

/** A one-time visit to the onboarding page of a connected account. */
export interface AccountVisit {
  id: string;
  account: string;
  expires_at: number;
  return_url: string | null;
  refresh_url: string | null;
}
