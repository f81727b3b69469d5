/** The languages the site speaks. `es-AR` is what `es` means for a business in Argentina (voseo). */
export const locales = ['en', 'es', 'es-AR'] as const;
export type Locale = (typeof locales)[number];

/** What a business lists in `locales` and what stands in an address: `/es/schedule`. */
export type Language = 'en' | 'es';

/** Text kept in the database in several languages, as in `{"en": "Yoga", "es": "Yoga"}`. */
export type LocalisedText = Partial<Record<Language, string>> | null | undefined;

export const languageOf = (locale: Locale): Language => (locale === 'en' ? 'en' : 'es');

/** The tag for `<html lang>` and for `Intl`: our English readers are in Europe, so dates are day first. */
export const languageTag = (locale: Locale): string =>
  locale === 'en' ? 'en-GB' : locale === 'es' ? 'es-ES' : 'es-AR';

/** The locale a reader gets who asks for `language` at a business in `country` (ISO 3166 two letters). */
export function localeFor(language: string, country: string): Locale {
  if (!language.toLowerCase().startsWith('es')) return 'en';
  return country.toUpperCase() === 'AR' ? 'es-AR' : 'es';
}

/** Text in the reader's language, else in whichever language it was written; never undefined. */
export function localised(text: LocalisedText | unknown, locale: Locale): string {
  if (typeof text === 'string') return text;
  if (typeof text !== 'object' || text === null) return '';
  const byLanguage = text as Record<string, unknown>;
  const found = [byLanguage[locale], byLanguage[languageOf(locale)], ...Object.values(byLanguage)].find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  return found ?? '';
}
