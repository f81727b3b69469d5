/** A manager at the pages of the menu, with a part of it that is this test file's own. */
import { randomUUID } from 'node:crypto';
import { sql } from '../world.ts';
import { type Buyer, aColleague } from './buyer.ts';
import { type Reply, Visitor } from './visitor.ts';

export const pages = '/admin/products';
export const api = '/api/coffee/menu';
type Fields = Record<string, string> | [string, string][];

export interface Office {
  manager: Buyer;
  /** In the names of everything this file makes. */
  tag: string;
  category: string;
  submit(path: string, fields: Fields, from: string): Promise<Reply>;
  /** 3.00, with `<name>-<tag>` for its address, not published. Answers its id. */
  aProduct(name: string, more?: object): Promise<string>;
  /** `Ask <tag>`. Answers its id. */
  aGroup(options: object[], more?: object): Promise<string>;
  /** A thing on the shelves. Answers its id. */
  anItem(name: string, unit: 'g' | 'ml'): Promise<string>;
  /** The products that go off the menu at the end. */
  made: string[];
  /** What was made goes off the menu. */
  leave(): Promise<void>;
}

export async function anOffice(business: string): Promise<Office> {
  const manager = await aColleague('manager');
  const tag = randomUUID().slice(0, 8);
  const made: string[] = [];
  const call = async (path: string, body: object) => (await manager.visitor.call(path, body)).json.data;
  const { category_id: category } = (await call(`${api}/categories`, {
    slug: `office-${tag}`,
    name: { en: `Office ${tag}` },
  })) as { category_id: string };
  return {
    ...{ manager, tag, category, made },
    submit: (path, fields, from) => manager.visitor.submit(path, fields, from),
    async aProduct(name, more = {}) {
      const { product_id } = (await call('/api/coffee/products', {
        ...{ category_id: category, name: { en: `${name} ${tag}` }, price_cents: 300 },
        slug: `${name}-${tag}`.toLowerCase(),
        ...more,
      })) as { product_id: string };
      made.push(product_id);
      return product_id;
    },
    async aGroup(options, more = {}) {
      const { group_id } = (await call(`${api}/groups`, {
        name: { en: `Ask ${tag}` },
        options,
        ...more,
      })) as {
        group_id: string;
      };
      return group_id;
    },
    async anItem(name, unit) {
      const [item] = await sql<{ id: string }>(
        `insert into shop.stock_items (business_id, name, unit) values ($1, jsonb_build_object('en', $2::text), $3) returning id`,
        [business, `${name} ${tag}`, unit],
      );
      return item?.id ?? '';
    },
    async leave() {
      // What holds others goes first.
      for (const id of made.reverse())
        await manager.visitor.call(`/api/coffee/products/${id}/retire`, { retired: true });
    },
  };
}

/** The id of what was made, from where its form leads. */
export const lastOf = ({ to }: Reply): string => /([0-9a-f-]{36})(?:#\w+)?$/.exec(to ?? '')?.[1] ?? '';
/** Whether a box of a set is ticked on a page. */
export const isTicked = ({ text }: Reply, name: string, value: string): boolean =>
  new RegExp(`<input[^>]*name="${name}"[^>]*value="${value}"[^>]*\\schecked`).test(text);
export const has = ({ text }: Reply, name: string, value: string): boolean =>
  new RegExp(
    `<input[^>]*name="${name}"[^>]*value="${value}"|<input[^>]*value="${value}"[^>]*name="${name}"`,
  ).test(text);
export const onMenu = async (slug: string) =>
  (await new Visitor().get(`/api/coffee/products/${slug}`, { accept: 'application/json' })).json?.data;
export const optionsOf = (group: string) =>
  sql<{ id: string; name: string; is_default: boolean }>(
    `select id, name ->> 'en' as name, is_default from shop.modifiers where group_id = $1 and retired_at is null order by position, id`,
    [group],
  );
