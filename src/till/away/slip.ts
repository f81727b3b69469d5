/** In the browser: a receipt for now, on paper, of a sale that the books do not know yet. */
import { money, partOf, say, timeOf } from './parts.ts';
import { type KeptSale, codeOf } from './sales.ts';

export function printSlip(sale: KeptSale): void {
  const slip = partOf(document, '[data-part="slip"]');
  const given = sale.tendered_cents;
  say(slip, '[data-when]', `${sale.at.slice(0, 10)} ${timeOf(sale.at)}`);
  const lines = sale.lines.map((line) => {
    const row = document.createElement('tr');
    const what = document.createElement('th');
    what.scope = 'row';
    what.textContent = [`${line.quantity} × ${line.label}`, line.how].filter(Boolean).join(', ');
    const sum = document.createElement('td');
    sum.textContent = money(line.total_cents);
    row.append(what, sum);
    return row;
  });
  slip.querySelector('tbody')?.replaceChildren(...lines);
  const sums = {
    tip: sale.tip_cents || null,
    total: sale.total_cents,
    given: given ?? null,
    change: given === undefined ? null : given - sale.total_cents,
  };
  for (const [name, cents] of Object.entries(sums))
    if (cents === null) slip.querySelector(`[data-${name}]`)?.remove();
    else say(slip, `[data-${name}] td`, money(cents));
  const paid = slip.querySelector<HTMLElement>('[data-paid]');
  if (paid) paid.textContent = paid.dataset[sale.pay_with] ?? '';
  const code = slip.querySelector('[data-code]');
  say(slip, '[data-code]', code?.textContent.trim().replace('{code}', codeOf(sale.id)));
  document.body.append(slip);
  window.print();
  slip.remove();
}
