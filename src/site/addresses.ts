/** Addresses of the same page in another language, and where in the site an address lies. */
import type { Language } from '#platform/i18n/index.ts';

/** The path without its language prefix: `/es/schedule` → `/schedule` for a business whose languages are en and es. */
export function plainPath(pathname: string, languages: readonly string[]): string {
  const [, first = ''] = pathname.split('/');
  return languages.includes(first) ? pathname.slice(first.length + 1) || '/' : pathname;
}

/**
 * The same page and query in `language`. The business's first language has no prefix. `languages` is the business's
 * list, first language first.
 */
export function inLanguage(url: URL, language: Language, languages: readonly string[]): string {
  const path = plainPath(url.pathname, languages);
  const prefix = language === languages[0] ? '' : `/${language}`;
  return (prefix + (path === '/' && prefix ? '' : path) || '/') + url.search;
}

/** What a link's aria-current should say: this very page, a page below it, or nothing. */
export function currentMark(here: string, target: string): 'page' | 'true' | undefined {
  if (here === target) return 'page';
  return target !== '/' && here.startsWith(`${target}/`) ? 'true' : undefined;
}
