/** What a refusal says of the class that stands in the way: its facts, as a reader of `locale` says them. */
import { languageTag, localised, type Locale } from './locale.ts';

export interface Clash {
  /** Localised names of the class; the others are names as they are. */
  class?: unknown;
  room?: unknown;
  instructor?: unknown;
  /** `2026-11-24` and `18:30`, both in the business's zone. */
  on?: unknown;
  time?: unknown;
}

const formats = new Map<Locale, Intl.DateTimeFormat>();

/** `Tuesday 24 November`; nothing for what is no day. */
function dayIn(on: unknown, locale: Locale): string {
  if (typeof on !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(on)) return '';
  let format = formats.get(locale);
  if (!format) {
    const parts = { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' } as const;
    format = new Intl.DateTimeFormat(languageTag(locale), parts);
    formats.set(locale, format);
  }
  return format.format(Date.parse(`${on}T12:00:00Z`));
}

export const textOf = (fact: unknown, instead: string): string =>
  typeof fact === 'string' && fact !== '' ? fact : instead;

const nameOf = (name: unknown, locale: Locale, instead: string): string => localised(name, locale) || instead;

/** `Led Ashtanga, Tuesday 24 November, 18:30`. */
export const whatIsOn = (clash: Clash, locale: Locale, instead: string): string =>
  [nameOf(clash.class, locale, instead), dayIn(clash.on, locale), textOf(clash.time, '')]
    .filter(Boolean)
    .join(', ');
