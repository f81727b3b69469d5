/** Changing the menu. Every command is one SQL function that asks for the manager's role. */
import { type Refusal, answer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { forgetBusinesses } from '#platform/visit/business.ts';
import type { SentPicture } from '#site/own-picture/files.ts';
import { forgetMenu } from '../menu/menu.ts';
import type { Facts } from './fields.ts';

/** Everybody on this server sees the change at once, others within a second. */
async function command<T>(db: Db, name: string, values: object): Promise<T | Refusal> {
  const done = answer(await db.rpc(name as 'save_product', values as never)) as unknown as T | Refusal;
  forgetMenu();
  return done;
}

/** Makes one when `id` is null; facts left out stay. See api.save_product for what it refuses. */
export const saveProduct = (db: Db, business_id: string, id: string | null, facts: Facts) =>
  command<{ product_id: string; slug: string }>(db, 'save_product', { business_id, product_id: id, facts });
export const publishProduct = (db: Db, business_id: string, product_id: string, published: boolean) =>
  command<{ slug: string; published: boolean }>(db, 'publish_product', {
    business_id,
    product_id,
    published,
  });
export const retireProduct = (db: Db, business_id: string, product_id: string, retired: boolean) =>
  command<{ slug: string; retired: boolean }>(db, 'retire_product', { business_id, product_id, retired });
export const moveOnMenu = (
  db: Db,
  business_id: string,
  input: { what: 'category' | 'product' | 'group' | 'option'; id: string; step: number },
) => command<{ position: number }>(db, 'move_on_menu', { business_id, ...input });
export const saveCategory = (db: Db, business_id: string, category_id: string | null, facts: Facts) =>
  command<{ category_id: string; slug: string }>(db, 'save_category', { business_id, category_id, facts });
export const saveGroup = (db: Db, business_id: string, group_id: string | null, facts: Facts) =>
  command<{ group_id: string }>(db, 'save_modifier_group', { business_id, group_id, facts });
export const saveDayPart = (db: Db, business_id: string, day_part_id: string | null, facts: Facts) =>
  command<{ day_part_id: string }>(db, 'save_day_part', { business_id, day_part_id, facts });
export const saveCounter = (db: Db, business_id: string, location_id: string, facts: Facts) =>
  command<{ location_id: string }>(db, 'save_counter', { business_id, location_id, facts });
/** The whole house says when it is open, below every page. */
const forgetHours = <T>(done: T): T => {
  forgetBusinesses();
  return done;
};
/** `promised`: how many orders are promised outside of these hours; they stand. */
export const saveSpecialDay = (
  db: Db,
  business_id: string,
  day: { location_id: string; on_date: string; hours: object[]; why: object },
) =>
  command<{ location_id: string; on_date: string; promised: number }>(db, 'save_special_day', {
    business_id,
    ...day,
  }).then(forgetHours);
export const dropSpecialDay = (db: Db, business_id: string, day: { location_id: string; on_date: string }) =>
  command<{ location_id: string; on_date: string }>(db, 'drop_special_day', { business_id, ...day }).then(
    forgetHours,
  );
export const dropCategory = (db: Db, business_id: string, category_id: string) =>
  command<{ category_id: string }>(db, 'drop_category', { business_id, category_id });
export const retireGroup = (db: Db, business_id: string, group_id: string) =>
  command<{ group_id: string }>(db, 'retire_modifier_group', { business_id, group_id });
export const saveOption = (
  db: Db,
  business_id: string,
  of: { group_id: string; modifier_id: string | null },
  facts: Facts,
) => command<{ group_id: string; modifier_id: string }>(db, 'save_modifier', { business_id, ...of, facts });
export const retireOption = (db: Db, business_id: string, modifier_id: string) =>
  command<{ group_id: string }>(db, 'retire_modifier', { business_id, modifier_id });
export const dropDayPart = (db: Db, business_id: string, day_part_id: string) =>
  command<{ day_part_id: string }>(db, 'drop_day_part', { business_id, day_part_id });
export const setProductPicture = (db: Db, business_id: string, product_id: string, picture: SentPicture) =>
  command<{ product_id: string; picture: string }>(db, 'set_product_picture', {
    business_id,
    product_id,
    ...picture,
  });
export const dropProductPicture = (db: Db, business_id: string, product_id: string) =>
  command<{ product_id: string }>(db, 'drop_product_picture', { business_id, product_id });
