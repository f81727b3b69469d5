/** What was earned in a period, class by class, and the closing of it. Periods are days of the studio's own, both included. */
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Period } from '#platform/periods.ts';
import type { Why } from './why.ts';

/** A row of `api.pay_report` and `api.my_pay`. */
export interface PayLine {
  kind: 'class' | 'adjustment';
  session_id: string;
  instructor_id: string;
  instructor_name: string;
  class_name: LocalisedText;
  starts_at: string;
  /** Minor units; null: no rule holds. */
  amount_cents: number | null;
  why: Why;
  /** The closed run it is part of; null: as it comes to now. */
  run_id: string | null;
}
export type OwnPayLine = Omit<PayLine, 'instructor_id' | 'instructor_name'>;

export interface PayRun {
  run_id: string;
  from_on: string;
  until_on: string;
  total_cents: number;
  currency: string;
  instructors: number;
  lines: number;
  closed_at: string;
  closed_by: string | null;
}

/** Refuses 422 pay_period_invalid. */
export async function payReport(
  db: Db,
  businessId: string,
  { from, until }: Period,
): Promise<PayLine[] | Refusal> {
  const got = answer(
    await db.rpc('pay_report', { business_id: businessId, from_on: from, until_on: until }, { get: true }),
  );
  return isRefused(got) ? got : (got as unknown as PayLine[]);
}

/** The asker's own. Refuses 403 not_an_instructor, 422 pay_period_invalid. */
export async function myPay(
  db: Db,
  businessId: string,
  { from, until }: Period,
): Promise<OwnPayLine[] | Refusal> {
  const got = answer(
    await db.rpc('my_pay', { business_id: businessId, from_on: from, until_on: until }, { get: true }),
  );
  return isRefused(got) ? got : (got as unknown as OwnPayLine[]);
}

export async function payRuns(db: Db, businessId: string): Promise<PayRun[] | Refusal> {
  const got = answer(await db.rpc('pay_runs', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as PayRun[]);
}

/** Stores the lines for good. Refuses 409 pay_period_not_over, pay_period_closed, pay_period_out_of_order, pay_period_empty. */
export async function closePayRun(
  db: Db,
  businessId: string,
  { from, until }: Period,
): Promise<{ run_id: string; total_cents: number; lines: number; currency: string } | Refusal> {
  const got = answer(
    await db.rpc('close_pay_run', { business_id: businessId, from_on: from, until_on: until }),
  );
  return isRefused(got) ? got : (got as never);
}

export const sumOf = (lines: { amount_cents: number | null }[]): number =>
  lines.reduce((sum, { amount_cents }) => sum + (amount_cents ?? 0), 0);

/** Lines of one instructor together, in the order in which they came. */
export const byInstructor = (lines: PayLine[]): PayLine[][] => [
  ...Map.groupBy(lines, ({ instructor_id }) => instructor_id).values(),
];
