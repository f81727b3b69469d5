/** What stands beside the tickets: how busy it is, what is sold out. And forms that are sent without leaving the page. */
import type { Counter, Ticket } from '../tickets.ts';

export interface Answered {
  data?: { ticket?: Ticket };
  details?: { ticket?: Ticket };
  message?: string;
  error?: string;
}

export async function sendForm(form: HTMLFormElement, button: HTMLButtonElement): Promise<Answered | null> {
  const fields = Object.fromEntries(new FormData(form, button));
  // One press, one act, also when its answer was lost and it is pressed again.
  if (fields['act_id'] === 'new') fields['act_id'] = form.dataset['act'] ??= crypto.randomUUID();
  const answer = await fetch(form.action, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(fields),
  }).catch(() => null);
  return (await answer?.json().catch(() => null)) as Answered | null;
}

export function hearCounter({ takes_orders, delay_minutes }: Counter): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('#board-panels [name=delay_minutes]'))
    button.setAttribute('aria-pressed', String(Number(button.value) === delay_minutes));
  for (const part of document.querySelectorAll<HTMLElement>('[data-takes]'))
    part.hidden = part.dataset['takes'] !== String(takes_orders);
  const mark = document.getElementById('board-delay');
  if (mark) mark.textContent = delay_minutes > 0 ? `+${delay_minutes}` : '';
}

interface Gone {
  product_id?: string | null;
  modifier_id?: string | null;
  sold_out: boolean;
}
export function hearSoldOut({ product_id, modifier_id, sold_out }: Gone): void {
  const button = document.querySelector<HTMLButtonElement>(
    `#board-panels [data-sells="${CSS.escape(product_id ?? modifier_id ?? '')}"]`,
  );
  if (!button) return;
  button.setAttribute('aria-pressed', String(sold_out));
  button.value = String(!sold_out);
  const count = document.querySelectorAll('#board-panels [data-sells][aria-pressed=true]').length;
  const mark = document.getElementById('board-gone');
  if (mark) mark.textContent = count > 0 ? String(count) : '';
}
