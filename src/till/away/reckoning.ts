/**
 * What a ticket comes to while the database cannot be asked, from the menu as it was kept. It follows sales.price line by
 * line (modifiers into the line, tax once a line, the tip last); what was charged is what the sale is booked with.
 */
import type { Serving } from '#shop/ordering/handover.ts';
import type { Ticket } from '../ticket.ts';

export interface KeptOption {
  id: string;
  name: string;
  price_cents: number;
  is_default: boolean;
}
export interface KeptProduct {
  slug: string;
  product_id: string;
  name: string;
  price_cents: number;
  /** Basis points: here, and to take away. */
  tax_bp: { eat_in: number; takeaway: number };
  groups: { min: number; max: number; options: KeptOption[] }[];
}
export interface KeptMenu {
  currency: string;
  prices_include_tax: boolean;
  /** Undefined in a page that was kept before counters said it: both. */
  servings?: Serving[];
  products: KeptProduct[];
}
export interface ReckonedLine {
  /** Null: it was not on the menu that was kept. */
  product: KeptProduct | null;
  modifier_ids: string[];
  /** `Large, Oat, 2 × Extra shot`. */
  how: string;
  quantity: number;
  note: string | undefined;
  unit_cents: number;
  total_cents: number;
}
export interface Reckoned {
  lines: ReckonedLine[];
  tip_cents: number;
  total_cents: number;
}

const halfUp = (value: number): number => Math.floor(value + 0.5);

export const usualOf = ({ groups }: KeptProduct): string[] =>
  groups.flatMap(({ options }) => options.filter(({ is_default: usual }) => usual).map(({ id }) => id));

function lineOf(line: Ticket['lines'][number], serving: Ticket['serving'], menu: KeptMenu): ReckonedLine {
  const { quantity, note } = line;
  const product = menu.products.find(({ slug }) => slug === line.slug) ?? null;
  const ids = line.modifier_ids ?? (product ? usualOf(product) : []);
  const bare = { product, modifier_ids: ids, how: '', quantity, note, unit_cents: 0, total_cents: 0 };
  if (!product) return bare;
  const chosen = product.groups
    .flatMap(({ options }) => options)
    .map((option) => ({ ...option, times: ids.filter((id) => id === option.id).length }))
    .filter(({ times }) => times > 0);
  const unit = Math.max(
    0,
    chosen.reduce((sum, { price_cents: cents, times }) => sum + cents * times, product.price_cents),
  );
  const gross = unit * quantity;
  const tax = menu.prices_include_tax ? 0 : halfUp((gross * product.tax_bp[serving]) / 10000);
  const how = chosen.map(({ name, times }) => (times > 1 ? `${times} × ${name}` : name)).join(', ');
  return { ...bare, how, unit_cents: unit, total_cents: gross + tax };
}

export function reckon(ticket: Pick<Ticket, 'lines' | 'serving' | 'tip'>, menu: KeptMenu): Reckoned {
  const lines = ticket.lines.map((line) => lineOf(line, ticket.serving, menu));
  const goods = lines.reduce((sum, { total_cents: cents }) => sum + cents, 0);
  const tip = halfUp((goods * ticket.tip) / 100);
  return { lines, tip_cents: tip, total_cents: goods + tip };
}

/** What is wrong with an answer to the questions about a product; null: nothing. */
export function choiceProblem({ groups }: KeptProduct, ids: string[]): 'missing' | 'too_many' | null {
  for (const { min, max, options } of groups) {
    const count = ids.filter((id) => options.some((option) => option.id === id)).length;
    if (count < min) return 'missing';
    if (count > max) return 'too_many';
  }
  return null;
}

/** What a form about a product says was chosen; see shop/menu/choices.ts. */
export const chosenFrom = (fields: Iterable<[string, FormDataEntryValue]>): string[] =>
  [...fields].flatMap(([name, value]) => {
    if (typeof value !== 'string' || value === '') return [];
    if (name.startsWith('choice-')) return [value];
    return name.startsWith('times-')
      ? Array<string>(Math.min(Number(value) || 0, 40)).fill(name.slice('times-'.length))
      : [];
  });
