/** Which language an answer is in. Addresses decide; nothing is guessed for a page. */
import type { Business } from '#business/businesses.ts';
import { type Language, type Locale, localeFor } from '../i18n/locale.ts';

export interface Reading {
  language: Language;
  locale: Locale;
  /** The path without its language prefix. */
  path: string;
  prefixed: boolean;
}

const prefix = /^\/(en|es)(?=\/|$)/;

/** What the path says: `/es/schedule` is `/schedule` in Spanish, where the business speaks it and it is not its first language. */
export function readingOf(path: string, business: Pick<Business, 'locales' | 'country'>): Reading {
  const first = business.locales[0] ?? 'en';
  const asked = prefix.exec(path)?.[1] as Language | undefined;
  const prefixed = asked !== undefined && business.locales.includes(asked);
  const language = prefixed ? asked : first;
  return {
    language,
    locale: localeFor(language, business.country),
    path: prefixed ? path.slice(3) || '/' : path,
    prefixed,
  };
}

/**
 * For a command's address, which has no prefix unless the form gave it one: the language of the page it was sent
 * from, else for programs the first of Accept-Language that the business speaks.
 */
export function readingOfCommand(
  path: string,
  business: Pick<Business, 'locales' | 'country'>,
  from: string | null,
  acceptLanguage: string | null,
): Reading {
  const own = readingOf(path, business);
  if (own.prefixed) return own;
  const page = from === null ? null : readingOf(from, business);
  const accepted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase() as Language)
    .find((language) => business.locales.includes(language));
  const language = page?.language ?? accepted ?? own.language;
  return { ...own, language, locale: localeFor(language, business.country) };
}

/** Adds the prefix for `language` to a path of ours. Leaves alone what has one, what is not a path, and files' own addresses. */
export function hrefIn(language: Language, business: Pick<Business, 'locales'>): (path: string) => string {
  const first = business.locales[0] ?? 'en';
  if (language === first) return (path) => path;
  return (path) => {
    if (!path.startsWith('/') || path.startsWith('//')) return path;
    const has = prefix.exec(path)?.[1];
    if (has && business.locales.includes(has as Language)) return path;
    if (/^\/(api|brand|calendars|_astro)\//.test(path)) return path;
    return path === '/' ? `/${language}` : `/${language}${path.startsWith('/?') ? path.slice(1) : path}`;
  };
}
