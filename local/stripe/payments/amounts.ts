import { invalidRequest } from '../wire/errors.ts';

/** Currencies whose smallest unit is the whole one: https://docs.stripe.com/currencies#zero-decimal. */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

/** The smallest charge in minor units: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. */
const MINIMUM: Record<string, number> = {
  ...{ aed: 200, ars: 50, aud: 50, brl: 50, cad: 50, chf: 50, clp: 500, cop: 200_000, czk: 1500, dkk: 250 },
  ...{ eur: 50, gbp: 30, hkd: 400, huf: 17_500, inr: 50, jpy: 50, mxn: 1000, myr: 200, nok: 300, nzd: 50 },
  ...{ pen: 200, pln: 200, ron: 200, sek: 300, sgd: 50, thb: 1000, usd: 50, uyu: 2000 },
};
/** How many digits an amount may have; eight where nothing is said. */
const MOST_DIGITS: Record<string, number> = { ars: 10, cop: 10, huf: 10, idr: 12, inr: 9, jpy: 10, lbp: 14 };

const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** Digits after the decimal point. */
export function decimalsOf(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** In lower case, as Stripe stores it. */
export function checkCurrency(currency: string, param = 'currency'): string {
  const code = currency.toLowerCase();
  if (CURRENCIES.has(code)) return code;
  throw invalidRequest(`Invalid currency: ${currency}. Stripe expects a three-letter ISO code.`, { param });
}

/** The least that can be charged, in minor units. */
export const minimumFor = (currency: string): number =>
  MINIMUM[currency] ?? (ZERO_DECIMAL.has(currency) ? 1 : 50);

export function checkAmount(amount: number, currency: string, param = 'amount'): void {
  if (amount < 1)
    throw invalidRequest('This value must be greater than or equal to 1.', {
      param,
      code: 'parameter_invalid_integer',
    });
  const minimum = minimumFor(currency);
  if (amount < minimum)
    throw invalidRequest(
      `Amount must be at least ${plain(minimum, currency)} ${currency}, not ${plain(amount, currency)}`,
      { param, code: 'amount_too_small' },
    );
  const largest = 10 ** (MOST_DIGITS[currency] ?? 8) - 1;
  if (amount > largest)
    throw invalidRequest(`Amount must be no more than ${plain(largest, currency)} ${currency}`, {
      param,
      code: 'amount_too_large',
    });
}

function plain(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  return (amount / 10 ** decimals).toFixed(decimals);
}
