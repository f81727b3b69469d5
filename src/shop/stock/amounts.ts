/** Amounts of what is stocked: whole grams, millilitres or pieces, as people write and read them. */
import { languageTag, type Locale, type Messages } from '#platform/i18n/index.ts';

export const units = ['g', 'ml', 'piece'] as const;
export type Unit = (typeof units)[number];

const large: Record<Unit, string> = { g: 'kg', ml: 'l', piece: '' };

/** `1500` ml is `1.5 l`, `40` g is `40 g`, `12` pieces are `12`. */
export function formatAmount(amount: number, unit: Unit, { locale }: { locale: Locale }): string {
  const much = unit !== 'piece' && Math.abs(amount) >= 1000;
  const number = new Intl.NumberFormat(languageTag(locale), { maximumFractionDigits: 2 });
  const text = number.format(much ? amount / 1000 : amount).replace('-', '−');
  return unit === 'piece' ? text : `${text} ${much ? large[unit] : unit}`;
}

/** As `formatAmount`, with its sign: `+1.5 l`, `−12`. */
export const formatChange = (amount: number, unit: Unit, voice: { locale: Locale }): string =>
  `${amount > 0 ? '+' : ''}${formatAmount(amount, unit, voice)}`;

export const unitName = (unit: Unit, m: Messages): string => m.stock.units[unit];

/**
 * What a person typed, in the unit that is counted: `12`, `1.500` and `1,500` (thousands), `1.5 l` and `1,5 kg` (a thousand times).
 * Null when it is not a whole amount.
 */
export function parseAmount(text: string): number | null {
  const bare = text
    .trim()
    .replace('−', '-')
    .replace(/[\s\u00a0\u202f](?=\d{3}(?!\d))/g, '');
  const [, sign, number = '', suffix = ''] = /^([+-]?)([\d.,]+)\s*(kg|l|g|ml)?$/i.exec(bare) ?? [];
  let amount: number;
  if (/^(kg|l)$/i.test(suffix)) {
    const [, whole, part = ''] = /^(\d{1,6})(?:[.,](\d{1,3}))?$/.exec(number) ?? [];
    if (whole === undefined) return null;
    amount = Number(whole) * 1000 + Number(part.padEnd(3, '0'));
  } else if (/^\d{1,9}$|^\d{1,3}(?:[.,]\d{3}){1,2}$/.test(number)) {
    amount = Number(number.replace(/[.,]/g, ''));
  } else return null;
  return sign === '-' ? -amount : amount;
}
