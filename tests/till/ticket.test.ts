import { expect, test } from 'vitest';
import {
  queryOf,
  quickAmounts,
  readLine,
  readTicket,
  withLine,
  withQuantity,
  writeLine,
} from '#till/ticket.ts';

const oat = '85000000-0000-4000-8000-000000000002';
const id = '8b000000-0000-4000-8000-000000000001';
const empty = readTicket(new URLSearchParams(`sale=${id}`), () => 'new');

test('a line is written and read without loss, with a note that holds anything', () => {
  for (const line of [
    { slug: 'flat-white', quantity: 2 },
    { slug: 'flat-white', quantity: 1, modifier_ids: [] },
    { slug: 'flat-white', quantity: 1, modifier_ids: [oat, oat], note: 'less ~ foam' },
    { slug: 'beans', quantity: 50, note: 'ground' },
  ])
    expect(readLine(writeLine(line))).toEqual(line);
});

test('what is not a line is left out', () => {
  for (const text of ['', '0~beans', '51~beans', '1.5~beans', '1~Beans!', '1~beans~not-an-id', 'x'])
    expect(readLine(text)).toBeNull();
});

test('a ticket keeps its sale’s id, and a new one has a new id', () => {
  expect(empty.sale).toBe(id);
  expect(readTicket(new URLSearchParams('sale=nonsense'), () => 'new').sale).toBe('new');
});

test('the same again is one more of it; another milk is a line of its own; the last one less takes it away', () => {
  const bag = { slug: 'beans', quantity: 1 };
  let ticket = withLine(withLine(empty, bag), bag);
  expect(ticket.lines).toEqual([{ slug: 'beans', quantity: 2 }]);
  ticket = withLine(ticket, { slug: 'beans', quantity: 1, modifier_ids: [oat] });
  expect(ticket.lines).toHaveLength(2);
  expect(withQuantity(withQuantity(ticket, 0, -1), 0, -1).lines).toHaveLength(1);
  expect(readTicket(new URLSearchParams(queryOf(ticket)), () => 'new')).toEqual(ticket);
});

test('people hand over the exact amount or the next round ones', () => {
  expect(quickAmounts(790)).toEqual([790, 800, 1000, 2000, 5000]);
  expect(quickAmounts(2650)).toEqual([2650, 2700, 3000, 4000, 5000]);
  expect(quickAmounts(2000)).toEqual([2000, 5000, 10000, 20000]);
  expect(quickAmounts(650000)).toEqual([650000, 700000, 800000, 1000000, 2000000]);
});

test('a code stays with the ticket; a reward is somebody’s, and goes when they do', () => {
  const ticket = { ...empty, promo: 'TEN', reward: id, member: id };
  expect(readTicket(new URLSearchParams(queryOf(ticket)), () => 'new')).toMatchObject({
    promo: 'TEN',
    reward: id,
  });
  expect(queryOf({ ...ticket, member: null })).not.toContain('reward');
});
