import { decimalsOf } from '../../payments/amounts.ts';
import { en } from './en.ts';
import { es } from './es.ts';

export type Words = typeof en;

/** The words of a page, and how it writes money and days. */
export interface Voice {
  lang: 'en' | 'es';
  words: Words;
  money(amount: number, currency: string): string;
  day(at: number): string;
}

/** Where a currency is at home, people write amounts their own way. */
const AT_HOME: Record<string, string> = { ars: 'AR', mxn: 'MX', clp: 'CL', cop: 'CO', pen: 'PE', uyu: 'UY' };

/** Follows the `locale` the caller asked for; with `auto` or none, the visitor's browser. */
export function voiceFor(locale: string | null | undefined, accepted: string): Voice {
  const wanted = !locale || locale === 'auto' ? accepted : locale;
  const lang = /^\s*es\b/i.test(firstOf(wanted)) ? 'es' : 'en';
  return {
    lang,
    words: lang === 'es' ? es : en,
    money(amount, currency) {
      const region = lang === 'es' ? (AT_HOME[currency] ?? 'ES') : 'GB';
      const decimals = decimalsOf(currency);
      return new Intl.NumberFormat(`${lang}-${region}`, {
        style: 'currency',
        currency,
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(amount / 10 ** decimals);
    },
    day: (at) =>
      new Intl.DateTimeFormat(lang === 'es' ? 'es' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
        at * 1000,
      ),
  };
}

/** The first language of the two that the header names, most wanted first. */
function firstOf(header: string): string {
  const wishes = header.split(',').map((wish) => {
    const [language = '', quality] = wish.trim().split(';q=');
    return { language, quality: quality === undefined ? 1 : Number(quality) };
  });
  const known = wishes.filter(({ language }) => /^(en|es)\b/i.test(language));
  return known.sort((a, b) => b.quality - a.quality)[0]?.language ?? 'en';
}
