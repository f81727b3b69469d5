/** How a time zone is called by people: its city, and how far it is from Greenwich at a moment. */
import { languageTag, type Locale } from '#platform/i18n/locale.ts';

/** `America/Argentina/Buenos_Aires` → `Buenos Aires`. */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

const formats = new Map<string, Intl.DateTimeFormat>();

/** `GMT+1`, `GMT-3`: as it is at `at` (epoch milliseconds). */
export function offsetOf(zone: string, locale: Locale, at: number = Date.now()): string {
  const id = `${locale} ${zone}`;
  let format = formats.get(id);
  if (!format) {
    format = new Intl.DateTimeFormat(languageTag(locale), { timeZone: zone, timeZoneName: 'shortOffset' });
    formats.set(id, format);
  }
  return format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? zone;
}
