/** In the browser: the button of a product's form says what it comes to, as things are chosen. Only a reckoning: the price is the database's. */

import type { Locale } from '#platform/i18n/locale.ts';
import { formatMoney } from '#platform/money.ts';

/** Minor units of one, with what is chosen, times how many. */
export function sumOf(
  priceCents: number,
  chosen: readonly { cents: number; times: number }[],
  quantity: number,
): number {
  return (
    Math.max(
      0,
      chosen.reduce((sum, { cents, times }) => sum + cents * times, priceCents),
    ) * quantity
  );
}

export function keepSum(): void {
  const form = document.querySelector<HTMLFormElement>('.product-form');
  const shown = form?.querySelector('[data-sum]');
  if (!form || !shown) return;
  const { price, currency, locale } = form.dataset;
  const say = () => {
    const chosen = [...form.querySelectorAll<HTMLInputElement>('[data-cents]')].map((input) => ({
      cents: Number(input.dataset['cents']),
      times: input.type === 'number' ? Number(input.value) || 0 : Number(input.checked),
    }));
    const quantity = Number(form.querySelector<HTMLInputElement>('[name="quantity"]')?.value) || 1;
    shown.textContent = formatMoney(
      sumOf(Number(price), chosen, quantity),
      currency ?? 'EUR',
      (locale ?? 'en') as Locale,
    );
  };
  form.addEventListener('input', say);
  say();
}
