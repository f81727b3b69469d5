/** The lanes and the drinks of the board, written anew where something changed. */
import { type CardContext, batchHtml, cardHtml } from '../card.ts';
import { batches, inLane, lanes } from '../lanes.ts';
import type { Ticket } from '../tickets.ts';
import { dropOld, writeList } from './lists.ts';

export function drawBoard(root: HTMLElement, all: Ticket[], how: CardContext): void {
  for (const lane of lanes) {
    const list = root.querySelector<HTMLElement>(`[data-lane=${lane}]`);
    const found = inLane(all, lane, how.now);
    if (!list) continue;
    writeList(
      list,
      found.map((ticket) => ({ key: ticket.ticket_id, html: cardHtml(ticket, how) })),
      root,
    );
    const count = root.querySelector(`[data-count=${lane}]`);
    if (count) count.textContent = String(found.length);
    list.closest('section')?.toggleAttribute('data-empty', found.length === 0);
  }
  const drinks = root.querySelector<HTMLElement>('[data-drinks]');
  const wanted = batches(all, how.now);
  if (drinks) {
    writeList(
      drinks,
      wanted.map((batch) => ({ key: batch.key, html: batchHtml(batch, how) })),
      root,
    );
    drinks.closest('section')?.toggleAttribute('data-empty', wanted.length === 0);
  }
  dropOld(root);
}
