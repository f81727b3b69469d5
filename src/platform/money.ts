/**
 * Money on screen. Amounts are whole numbers of a currency's smallest unit ("cents", even where there are none:
 * ¥500 is 500). How many decimals a currency has comes from `Intl`, which follows ISO 4217.
 */
import { languageTag, type Locale } from './i18n/locale.ts';

const formats = new Map<string, Intl.NumberFormat>();

function formatFor(currency: string, locale: Locale, whole: boolean): Intl.NumberFormat {
  const id = `${locale} ${currency} ${whole}`;
  let format = formats.get(id);
  if (!format) {
    format = new Intl.NumberFormat(languageTag(locale), {
      style: 'currency',
      currency,
      trailingZeroDisplay: whole ? 'stripIfInteger' : 'auto',
    });
    formats.set(id, format);
  }
  return format;
}

/** How many digits stand after the decimal mark: 2 for EUR, 0 for JPY and CLP, 3 for KWD. */
export const exponentOf = (currency: string): number =>
  formatFor(currency, 'en', false).resolvedOptions().maximumFractionDigits ?? 2;

/** `1234` of EUR as the exact decimal text `12.34`, without a float in between. */
function decimalText(cents: number | bigint, exponent: number): string {
  const whole = BigInt(cents);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(exponent + 1, '0');
  const cut = digits.length - exponent;
  return `${whole < 0n ? '-' : ''}${digits.slice(0, cut)}${exponent > 0 ? `.${digits.slice(cut)}` : ''}`;
}

/** Where nobody has had a coin of their cents in hand for years: decimals are written only where there are any. */
const withoutCoins = new Set(['ARS', 'COP', 'HUF', 'IDR', 'UYU']);

/**
 * An amount as its reader writes it, in one manner wherever it stands: `formatMoney(1800, 'EUR', 'en')` is `€18.00`,
 * `formatMoney(1250000, 'ARS', 'es-AR')` is `$ 12.500`. `whole: true` leaves out decimals that are all zero in any currency:
 * for round sums that are no price (the marks of a chart, "for every €1"). Throws on a fraction of a cent.
 */
export function formatMoney(
  cents: number | bigint,
  currency: string,
  locale: Locale,
  options: { whole?: boolean } = {},
): string {
  const text = decimalText(cents, exponentOf(currency));
  // `Intl` takes a decimal text exactly; TypeScript wants to see that it is one.
  return formatFor(currency, locale, options.whole || withoutCoins.has(currency)).format(text as `${number}`);
}

const decimalMark = (locale: Locale): '.' | ',' => (locale === 'en' ? '.' : ',');

/** What a person typed, in cents; null when it is not an amount or has more decimals than the currency. */
export function parseMoney(text: string, currency: string, locale: Locale): number | null {
  const parts = formatFor(currency, locale, false).formatToParts(11111.1);
  const decimal = parts.find((part) => part.type === 'decimal')?.value ?? decimalMark(locale);
  const group = decimal === ',' ? '.' : ',';
  const symbol = parts.find((part) => part.type === 'currency')?.value ?? currency;
  const bare = text
    .replace(symbol, '')
    .replace(currency, '')
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace('\u2212', '-');
  const grouped = bare.split(group);
  if (
    grouped.length > 1 &&
    !grouped
      .slice(1)
      .every((part, i) => /^\d{3}/.test(part) && (i === grouped.length - 2 || part.length === 3))
  ) {
    return null;
  }
  const match = /^(-?)(\d+)(?:(.)(\d+))?$/.exec(grouped.join(''));
  const exponent = exponentOf(currency);
  if (!match || (match[3] !== undefined && match[3] !== decimal) || (match[4]?.length ?? 0) > exponent)
    return null;
  const cents = Number(`${match[2]}${(match[4] ?? '').padEnd(exponent, '0')}`);
  if (!Number.isSafeInteger(cents)) return null;
  return match[1] && cents !== 0 ? -cents : cents;
}

/**
 * An amount as it stands in a form's field, where `parseMoney` reads it: without the currency, which is written beside it.
 * Empty where there is none.
 */
export const typedMoney = (cents: number | null | undefined, currency: string, locale: Locale): string =>
  cents === null || cents === undefined
    ? ''
    : decimalText(cents, exponentOf(currency)).replace('.', decimalMark(locale));

/** A rate in hundredths of a per cent as it stands in a form's field: 1050 is `10.5`. */
export const typedPercent = (basisPoints: number, locale: Locale): string =>
  String(basisPoints / 100).replace('.', decimalMark(locale));
