/** Which rows are shown, and in which order. */
import { localised, type Locale } from '#platform/i18n/index.ts';
import type { StockRow } from './stockroom.ts';

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** How near to its end something is: 0 gone, 1 where the team is told, above it how far. */
export const nearness = ({ on_hand, low_at }: Pick<StockRow, 'on_hand' | 'low_at'>): number =>
  on_hand <= 0 ? 0 : on_hand <= low_at ? on_hand / (low_at + 1) : 1 + on_hand / (low_at + 1);

/** Rows that match every word, in any language; what runs low first. What is given up only when asked for. */
export function found(
  rows: StockRow[],
  {
    query = '',
    low = false,
    supplier = '',
    retired = false,
  }: {
    query?: string;
    low?: boolean;
    supplier?: string;
    retired?: boolean;
  } = {},
): StockRow[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return rows
    .filter((row) => row.retired === retired && (!low || row.low) && (!supplier || row.supplier === supplier))
    .filter((row) => {
      const texts = [row.name, ...(row.makes ?? [])].flatMap((name) => Object.values(name ?? {}));
      const all = plain([...texts, row.supplier, row.shelf].join(' '));
      return words.every((word) => all.includes(word));
    })
    .sort((a, b) => Number(b.low) - Number(a.low) || nearness(a) - nearness(b));
}

/** Groups in the order of their names, the nameless last; rows by name. */
export function byShelf(
  rows: StockRow[],
  locale: Locale,
  of: (row: StockRow) => string = (row) => row.shelf || row.supplier,
): { name: string; rows: StockRow[] }[] {
  const named = (row: StockRow) => localised(row.name, locale);
  return Object.entries(Object.groupBy(rows, of))
    .sort(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b, locale))
    .map(([name, all]) => ({
      name,
      rows: (all ?? []).toSorted((a, b) => named(a).localeCompare(named(b), locale)),
    }));
}
