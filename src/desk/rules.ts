/** How a business books and runs its desk, beyond what a class type says. Its managers read and change it. */
import { z } from 'zod';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** `api.booking_settings`. Times are of the business's own clock, as 22:00. */
export interface Rules {
  auto_no_show: boolean;
  absent_after_minutes: number;
  late_entry_minutes: number;
  waitlist_per_day: number;
  quiet_from: string;
  quiet_until: string;
  grace_days: number;
  /** Class types that give up places of people who have not come. */
  releasing: { slug: string; name: Record<string, string>; minutes: number }[];
}

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most).optional();
const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .optional();

/** The bounds are the table's. What is left out stays; a form leaves out a box that is not ticked, and says so (`ticks`). */
export const rulesInput = z
  .object({
    auto_no_show: z.union([z.literal('yes').transform(() => true), z.boolean()]).optional(),
    ticks: z.literal('auto_no_show').optional(),
    late_entry_minutes: whole(0, 120),
    waitlist_per_day: whole(1, 50),
    quiet_from: time,
    quiet_until: time,
    grace_days: whole(0, 60),
  })
  .transform(({ ticks, auto_no_show, ...rest }) => ({
    ...rest,
    ...(ticks || auto_no_show !== undefined ? { auto_no_show: auto_no_show ?? false } : {}),
  }));

export async function rulesOf(db: Db, businessId: string): Promise<Rules | Refusal> {
  const rows = answer(await db.rpc('booking_settings', { business_id: businessId }));
  if (isRefused(rows)) return rows;
  const [row] = rows as unknown as Rules[];
  if (!row) throw new Error('booking_settings answered nothing');
  return row;
}

/** Refuses 403 not_your_role, 422 booking_settings_invalid. */
export async function saveRules(
  db: Db,
  businessId: string,
  facts: z.output<typeof rulesInput>,
): Promise<null | Refusal> {
  const done = answer(await db.rpc('save_booking_settings', { business_id: businessId, facts }));
  return isRefused(done) ? done : null;
}
