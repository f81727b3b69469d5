/** The liability report: every card with what is owed for it, as a file. */
import { z } from 'zod';
import { decimal } from '#booking/pay/csv.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { csv } from '#platform/http/csv.ts';
import { isRefused } from '#platform/refusals.ts';
import { type KeptCard, keptCards } from '#sales/gift-cards/kept.ts';

const size = 1000;

export const GET = endpoint({
  summary: 'Gift cards and what is owed for each, as a CSV file',
  input: z.object({}),
  who: requireStaff('manager'),
  limit: 'read',
  async act({ db, locals: { business, m } }) {
    const words = m.giftCards.kept;
    const cards: KeptCard[] = [];
    for (let more = true; more;) {
      const last = cards.at(-1);
      const page = await keptCards(db, business.id, {
        before: last ? { at: last.created_at, id: last.card_id } : null,
        size,
      });
      if (isRefused(page)) return page;
      cards.push(...page);
      more = page.length === size;
    }
    return csv(
      'gift-cards',
      [
        words.heads.card,
        words.heads.to,
        words.heads.sent,
        words.heads.amount,
        words.heads.held,
        m.counter.broken,
        words.heads.state,
      ],
      cards.map((card) => [
        card.ending ?? '',
        card.to_name,
        (card.issued_at ?? '').slice(0, 10),
        decimal(card.amount_cents, card.currency),
        decimal(card.held_cents, card.currency),
        decimal(card.broken_cents, card.currency),
        words.states[card.state],
      ]),
    );
  },
});
