/** What a test card does. The first matching rule of the list in `confirmation.ts` decides. */
export interface Behaviour {
  /** Why the bank says no, in Stripe's words. */
  decline?: string;
  /** The error's `code`, where it is not `card_declined`. */
  code?: string;
  /** Asks for 3-D Secure: at every payment, or only when it was not set up for later use. */
  authenticate?: 'always' | 'unless_set_up';
  /** Says no only when it is charged; saving it works. */
  savedFirst?: true;
  dispute?: 'fraudulent' | 'product_not_received' | 'inquiry';
  refund?: 'succeeds_later' | 'fails_later';
  /** The money is available at once. */
  bypassPending?: true;
}

export interface TestCard extends Behaviour {
  number: string;
  /** What it does, in words: the list `npm start` prints. */
  does: string;
  /** Names under which it can be given instead of a number: `pm_card_<name>` and `tok_<name>`. */
  names: string[];
  brand: 'visa' | 'mastercard' | 'amex';
  funding?: 'credit' | 'debit';
  country?: string;
  /** Spanish for the button on the hosted page; cards without it are not offered there. */
  label?: { en: string; es: string };
}

/** Test cards and what they do, with the numbers of https://docs.stripe.com/testing. Any other number is refused. */
export const CARDS: readonly TestCard[] = [
  {
    number: '4242424242424242',
    does: 'pays',
    names: ['visa'],
    brand: 'visa',
    label: { en: 'Pays', es: 'Paga' },
  },
  { number: '5555555555554444', does: 'pays (Mastercard)', names: ['mastercard'], brand: 'mastercard' },
  { number: '378282246310005', does: 'pays (American Express)', names: ['amex'], brand: 'amex' },
  {
    number: '4000056655665556',
    does: 'pays (Visa debit)',
    names: ['visa_debit'],
    brand: 'visa',
    funding: 'debit',
  },
  { number: '4000007240000007', does: 'pays (Spain)', names: ['es'], brand: 'visa', country: 'ES' },
  { number: '4000000320000021', does: 'pays (Argentina)', names: ['ar'], brand: 'visa', country: 'AR' },
  {
    number: '4000000000000077',
    does: 'pays; the money is available at once',
    names: ['bypassPending'],
    brand: 'visa',
    bypassPending: true,
  },
  {
    number: '4000002500003155',
    does: 'asks for 3-D Secure, then pays (saved before, it does not ask again)',
    names: ['authenticationRequiredOnSetup', 'threeDSecureOptional'],
    brand: 'visa',
    authenticate: 'unless_set_up',
    label: { en: 'Asks for 3-D Secure', es: 'Pide 3-D Secure' },
  },
  {
    number: '4000002760003184',
    does: 'always asks for 3-D Secure, then pays',
    names: ['authenticationRequired', 'threeDSecure2Required', 'threeDSecureRequired'],
    brand: 'visa',
    authenticate: 'always',
  },
  {
    number: '4000008260003178',
    does: 'always asks for 3-D Secure, then has too little money',
    names: ['authenticationRequiredChargeDeclinedInsufficientFunds'],
    brand: 'visa',
    authenticate: 'always',
    decline: 'insufficient_funds',
    savedFirst: true,
  },
  {
    number: '4000008400001629',
    does: 'asks for 3-D Secure, then is declined',
    names: ['threeDSecureRequiredChargeDeclined'],
    brand: 'visa',
    authenticate: 'always',
    decline: 'generic_decline',
  },
  {
    number: '4000000000000002',
    does: 'is declined',
    names: ['chargeDeclined'],
    brand: 'visa',
    decline: 'generic_decline',
    label: { en: 'Is declined', es: 'Es rechazada' },
  },
  {
    number: '4000000000009995',
    does: 'is declined: too little money',
    names: ['chargeDeclinedInsufficientFunds'],
    brand: 'visa',
    decline: 'insufficient_funds',
    label: { en: 'Has too little money', es: 'No tiene fondos' },
  },
  {
    number: '4000000000009987',
    does: 'is declined: lost card',
    names: ['chargeDeclinedLostCard'],
    brand: 'visa',
    decline: 'lost_card',
  },
  {
    number: '4000000000009979',
    does: 'is declined: stolen card',
    names: ['chargeDeclinedStolenCard'],
    brand: 'visa',
    decline: 'stolen_card',
  },
  {
    number: '4000000000000069',
    does: 'is declined: expired',
    names: ['chargeDeclinedExpiredCard'],
    brand: 'visa',
    decline: 'expired_card',
    code: 'expired_card',
    label: { en: 'Has expired', es: 'Está vencida' },
  },
  {
    number: '4000000000000127',
    does: 'is declined: wrong CVC',
    names: ['chargeDeclinedIncorrectCvc'],
    brand: 'visa',
    decline: 'incorrect_cvc',
    code: 'incorrect_cvc',
  },
  {
    number: '4000000000000119',
    does: 'is declined: processing error, may be tried again',
    names: ['chargeDeclinedProcessingError'],
    brand: 'visa',
    decline: 'processing_error',
    code: 'processing_error',
  },
  {
    number: '4000000000006975',
    does: 'is declined: used too often',
    names: ['chargeDeclinedVelocityLimitExceeded'],
    brand: 'visa',
    decline: 'card_velocity_exceeded',
  },
  {
    number: '4100000000000019',
    does: 'is blocked as fraud',
    names: ['radarBlock'],
    brand: 'visa',
    decline: 'fraudulent',
  },
  {
    number: '4000000000000341',
    does: 'can be saved, is declined when charged',
    names: ['chargeCustomerFail'],
    brand: 'visa',
    decline: 'generic_decline',
    savedFirst: true,
  },
  {
    number: '4000000000000259',
    does: 'pays, then disputes the payment as fraud',
    names: ['createDispute'],
    brand: 'visa',
    dispute: 'fraudulent',
  },
  {
    number: '4000000000002685',
    does: 'pays, then disputes the payment: not received',
    names: ['createDisputeProductNotReceived'],
    brand: 'visa',
    dispute: 'product_not_received',
  },
  {
    number: '4000000000001976',
    does: 'pays, then the bank asks a question (an inquiry, no money moves)',
    names: ['createDisputeInquiry'],
    brand: 'visa',
    dispute: 'inquiry',
  },
  {
    number: '4000000000007726',
    does: 'pays; a refund is pending for three minutes, then succeeds',
    names: ['pendingRefund'],
    brand: 'visa',
    refund: 'succeeds_later',
  },
  {
    number: '4000000000005126',
    does: 'pays; a refund succeeds, and fails three minutes later',
    names: ['refundFail'],
    brand: 'visa',
    refund: 'fails_later',
  },
];

/** SEPA accounts and what becomes of a debit, three minutes after it began where it says later. */
export const SEPA_ACCOUNTS = [
  {
    iban: 'AT611904300234573201',
    does: 'pays at once',
    later: false,
    succeeds: true,
    label: { en: 'Pays at once', es: 'Paga al instante' },
  },
  {
    iban: 'AT321904300235473204',
    does: 'pays three minutes later',
    later: true,
    succeeds: true,
    label: { en: 'Pays three minutes later', es: 'Paga tres minutos después' },
  },
  {
    iban: 'AT861904300235473202',
    does: 'is refused at once',
    later: false,
    succeeds: false,
    label: { en: 'Is refused', es: 'Se rechaza' },
  },
  {
    iban: 'AT051904300235473205',
    does: 'is refused three minutes later',
    later: true,
    succeeds: false,
    label: { en: 'Is refused three minutes later', es: 'Se rechaza tres minutos después' },
  },
] as const;

/** What stands behind a payment method: which test card or account it is, and whether it was set up for later use. */
export interface Instrument {
  /** Id of the payment method. */
  id: string;
  number: string;
  setUp: boolean;
}

const byNumber = new Map(CARDS.map((card) => [card.number, card]));
const byName = new Map(CARDS.flatMap((card) => card.names.map((name) => [name, card] as const)));

export const cardByNumber = (number: string): TestCard | undefined => byNumber.get(number);

/** What the card behind a payment method does; a bank account does nothing of the kind. */
export const behaviourOf = (number: string | undefined): Behaviour => byNumber.get(number ?? '') ?? {};

/** For `pm_card_visa`, `tok_chargeDeclined` and the long forms such as `pm_card_visa_chargeDeclined`. */
export function cardByName(reference: string): TestCard | undefined {
  const name = /^(?:pm_card|tok)_(\w+)$/.exec(reference)?.[1];
  return name === undefined ? undefined : (byName.get(name) ?? byName.get(name.replace(/^visa_/, '')));
}

export const accountByIban = (iban: string) => SEPA_ACCOUNTS.find((account) => account.iban === iban);

/** The last digit of every card number is worked out from the others; most typing slips are caught by it. */
export function passesLuhn(number: string): boolean {
  let sum = 0;
  [...number].reverse().forEach((digit, at) => {
    const twice = Number(digit) * (at % 2 === 1 ? 2 : 1);
    sum += twice > 9 ? twice - 9 : twice;
  });
  return /^\d{12,19}$/.test(number) && sum % 10 === 0;
}
