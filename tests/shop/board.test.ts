import { describe, expect, test } from 'vitest';
import { type CardContext, batchHtml, cardHtml } from '#shop/board/card.ts';
import { ageOf, batches, inLane, laneOf, onTop } from '#shop/board/lanes.ts';
import type { Ticket, TicketLine } from '#shop/board/tickets.ts';
import { messages } from '#platform/i18n/index.ts';

const now = Date.parse('2026-11-28T09:00:00Z');
const inMinutes = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
const line = (more: Partial<TicketLine> = {}): TicketLine => ({
  line_id: 'a0000000-0000-4000-8000-000000000001',
  product_id: 'flat',
  name: { en: 'Flat white', es: 'Flat white' },
  quantity: 1,
  note: null,
  allergens: ['milk'],
  made: false,
  gone: false,
  modifiers: [{ modifier_id: 'oat', name: { en: 'Oat', es: 'Avena' }, times: 1, usual: false }],
  without: [],
  items: null,
  ...more,
});
const ticket = (more: Partial<Ticket> = {}): Ticket => ({
  ticket_id: 'b0000000-0000-4000-8000-000000000001',
  version: 1,
  state: 'placed',
  call_number: 12,
  name: 'Ada',
  ready_by: inMinutes(5),
  make_seconds: 60,
  opened_at: inMinutes(-1),
  ready_at: null,
  closed_at: null,
  order_id: 'c0000000-0000-4000-8000-000000000001',
  reference: '7K3QX9TM',
  channel: 'web',
  serving: 'takeaway',
  table_label: null,
  pickup_at: null,
  note: null,
  why: null,
  back_to: null,
  moved_at: null,
  lines: [line()],
  ...more,
});
const m = messages('en');
const context: CardContext = {
  words: { card: m.board.card, allergens: m.shop.allergenNames },
  locale: 'en',
  zone: 'Europe/Madrid',
  now,
  undoMinutes: 10,
  barista: true,
  prefix: '',
  newId: () => 'new',
};

describe('where a ticket stands', () => {
  test('by its state; what is wanted much later waits apart until it is time to begin', () => {
    expect(laneOf(ticket(), now)).toBe('todo');
    expect(laneOf(ticket({ state: 'accepted' }), now)).toBe('todo');
    expect(laneOf(ticket({ state: 'refused' }), now)).toBe('done');
    const later = ticket({ pickup_at: inMinutes(60), ready_by: inMinutes(60) });
    expect(laneOf(later, now)).toBe('later');
    expect(laneOf(later, now + 50 * 60_000)).toBe('todo');
  });

  test('and how late it is, by what was promised', () => {
    const tone = (minutes: number) => ageOf(ticket({ ready_by: inMinutes(minutes) }), now);
    expect(tone(10)).toEqual({ tone: 'calm', minutes: 10, kind: 'in' });
    expect(tone(1.5)).toMatchObject({ tone: 'soon', kind: 'in' });
    expect(tone(0)).toMatchObject({ tone: 'soon', kind: 'now' });
    expect(tone(-4)).toEqual({ tone: 'late', minutes: 4, kind: 'late' });
    const waits = ticket({ state: 'ready', ready_at: inMinutes(-6) });
    expect(ageOf(waits, now)).toEqual({ tone: 'soon', minutes: 6, kind: 'waiting' });
  });

  test('the first promised first, whatever came in first; what is gone for long is no longer shown', () => {
    const [a, b] = [ticket({ ready_by: inMinutes(9) }), ticket({ ready_by: inMinutes(3) })];
    expect(inLane([a, b], 'todo', now)).toEqual([b, a]);
    const gone = (minutes: number) => ticket({ state: 'collected', closed_at: inMinutes(-minutes) });
    expect(inLane([gone(16), gone(2)], 'done', now)).toHaveLength(1);
  });
});

describe('drinks in batches', () => {
  const other = ticket({ ticket_id: 'b0000000-0000-4000-8000-000000000002', call_number: 13 });

  test('the same drink across tickets is one; another milk, a word about it, or what is done is not', () => {
    const plain = line({ line_id: 'x', modifiers: [] });
    const said = line({ line_id: 'y', note: 'hot' });
    const made = line({ line_id: 'z', made: true });
    const found = batches([ticket({ lines: [line({ quantity: 2 }), plain, said, made] }), other], now);
    expect(found.map(({ quantity, of }) => [quantity, of.length])).toEqual([
      [3, 2],
      [1, 1],
      [1, 1],
    ]);
    const html = batchHtml(found[0]!, context);
    expect(html).toContain('3×');
    expect(html).toContain(`${other.ticket_id}=${other.lines[0]!.line_id}`);
  });

  test('a tap lies on top of what is known until it is answered, and only while it still fits', () => {
    const mark = { id: '1', ticket_id: other.ticket_id, line_ids: [line().line_id], made: true };
    expect(onTop(other, mark)).toMatchObject({ state: 'ready', lines: [{ made: true }] });
    const step = { id: '2', ticket_id: other.ticket_id, from: 'placed', to: 'making' } as const;
    expect(onTop(other, step).state).toBe('making');
    expect(onTop(ticket({ state: 'ready' }), step).state).toBe('ready');
  });
});

describe('a card', () => {
  test('escapes whatever people wrote', () => {
    const bad = '<img src=x onerror=alert(1)>"\'';
    const html = cardHtml(
      ticket({ name: bad, note: bad, table_label: bad, lines: [line({ note: bad })] }),
      context,
    );
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
  });

  test('makes what is not the usual stand out, and says what was left out', () => {
    const usual = { modifier_id: 'w', name: { en: 'Regular' }, times: 1, usual: true };
    const html = cardHtml(
      ticket({ lines: [line({ modifiers: [usual, ...line().modifiers], without: [{ en: 'Cocoa' }] })] }),
      context,
    );
    expect(html).toContain('<span class="ask-usual">Regular</span>');
    expect(html).toContain('<span class="ask">Oat</span>');
    expect(html).toContain('<span class="ask">no Cocoa</span>');
  });

  test('offers the front desk nothing but to hand over', () => {
    const desk = { ...context, barista: false };
    expect(cardHtml(ticket(), desk)).not.toContain('<button');
    expect(cardHtml(ticket({ state: 'ready' }), desk)).toContain('value="ready:collected"');
  });

  test('offers the way back only for a while', () => {
    const moved = ticket({ state: 'making', back_to: 'placed', moved_at: inMinutes(-3) });
    expect(cardHtml(moved, context)).toContain('value="making:placed"');
    expect(cardHtml({ ...moved, moved_at: inMinutes(-11) }, context)).not.toContain('value="making:placed"');
  });
});
