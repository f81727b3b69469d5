/** Letting a membership rest: what it would mean, doing it as it was shown, and coming back. */
import { z } from 'zod';
import { calendarDay } from '#platform/inputs.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { FreezeRule } from './plans.ts';

/** `until_on` is the first day on which it is open again. */
export const freezeDays = z.object({ id: z.string(), from_on: calendarDay, until_on: calendarDay });
const whole = z
  .string()
  .regex(/^\d{1,12}$/)
  .transform(Number)
  .or(z.number().int().min(0));
export const freezeInput = freezeDays.extend({
  /** As the preview said. */
  charge_at: z.string().max(40),
  charge_cents: whole,
});

/** What `api.freeze_preview` answers; amounts in minor units with tax. */
export interface FreezePreview {
  rule: FreezeRule;
  from_on: string;
  until_on: string;
  days: number;
  from_at: string;
  /** When it would be charged without the freeze, and how much. */
  charge_at: string;
  price_cents: number;
  currency: string;
  /** A charge that comes before, as ever: the rest lies in the period it pays for. Else null. */
  first_charge_at: string | null;
  first_charge_cents: number | null;
  next_charge_at: string;
  next_charge_cents: number;
  credit_cents: number;
  /** What of the credit goes on to the charge after the next. */
  carried_cents: number;
  paid_until: string;
  opens_at: string;
  /** How many days may still rest within a year. */
  days_left: number;
}

type Days = Pick<z.output<typeof freezeDays>, 'from_on' | 'until_on'>;

export async function freezePreview(
  db: Db,
  businessId: string,
  membershipId: string,
  days: Days,
): Promise<FreezePreview | Refusal> {
  const found = answer(
    await db.rpc(
      'freeze_preview',
      { business_id: businessId, membership_id: membershipId, ...days },
      { get: true },
    ),
  );
  return isRefused(found) ? found : (found as unknown as FreezePreview);
}

/** Refuses 409 preview_stale where it would not come to what was shown, and whatever the preview refuses. */
export async function freezeMembership(
  db: Db,
  businessId: string,
  input: z.output<typeof freezeInput>,
  key: string,
): Promise<FreezePreview | Refusal> {
  const done = answer(
    await db.rpc('freeze_membership', {
      business_id: businessId,
      membership_id: input.id,
      from_on: input.from_on,
      until_on: input.until_on,
      expected_charge_at: input.charge_at,
      expected_charge_cents: input.charge_cents,
      idempotency_key: key,
    }),
  );
  return isRefused(done) ? done : (done as unknown as FreezePreview);
}

export interface Thawed {
  days: number;
  next_charge_at: string;
  next_charge_cents: number;
}

/** Open again now, or never closed where it had not begun. Refuses 409 nothing_frozen. */
export async function thawMembership(
  db: Db,
  businessId: string,
  membershipId: string,
  key: string,
): Promise<Thawed | Refusal> {
  const done = answer(
    await db.rpc('thaw_membership', {
      business_id: businessId,
      membership_id: membershipId,
      idempotency_key: key,
    }),
  );
  return isRefused(done) ? done : (done as unknown as Thawed);
}
