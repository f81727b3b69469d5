/** Stretches of days, first and last included, as pages of figures are asked for. Days are the business's own: `2026-11-24`. */
import { addDays, readDay } from './clock.ts';

export interface Period {
  from: string;
  until: string;
}

/** The period a page's address names: `from` and `until`, else the month of `today`. What makes no sense is left out. */
export function readPeriod(query: URLSearchParams, today: string): Period {
  const from = readDay(query.get('from'));
  const until = readDay(query.get('until'));
  return from && until && from <= until && until <= addDays(from, 92) ? { from, until } : monthOf(today);
}

/** The calendar month in which a day lies. */
export function monthOf(day: string): Period {
  const first = Temporal.PlainDate.from(day).with({ day: 1 });
  return { from: first.toString(), until: first.add({ months: 1 }).subtract({ days: 1 }).toString() };
}

/** The months before and after that of the period's first day. */
export const monthsAround = ({ from }: Period): { before: Period; after: Period } => ({
  before: monthOf(addDays(monthOf(from).from, -1)),
  after: monthOf(addDays(monthOf(from).until, 1)),
});
