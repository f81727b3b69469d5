/** In the browser: small help with parts of a page. */
import { formatMoney } from '#platform/money.ts';
import type { Locale } from '#platform/i18n/locale.ts';

/** A copy of what a template holds. */
export function partOf(root: ParentNode, selector: string): HTMLElement {
  const content = root.querySelector<HTMLTemplateElement>(`template${selector}`)?.content;
  const part = content?.firstElementChild;
  if (!part) throw new Error(`There is no part ${selector}`);
  return document.importNode(part, true) as HTMLElement;
}

/** Puts text into a part of it; nothing to say: the part goes. */
export function say(root: ParentNode, selector: string, text: string | null | undefined): void {
  const at = root.querySelector<HTMLElement>(selector);
  if (text) at?.replaceChildren(text);
  else at?.remove();
}

const facts = (): DOMStringMap => document.getElementById('till-unsent')?.dataset ?? {};

export const money = (cents: number): string =>
  formatMoney(cents, facts()['currency'] ?? 'EUR', (facts()['locale'] ?? 'en') as Locale);

/** A device's moment as the business reads its clock. */
export const timeOf = (at: string): string =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: facts()['zone'],
  }).format(new Date(at));
