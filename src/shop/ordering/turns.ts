/** Whose turn it is at a bar: every way to order from one comes through here. */
import { fewAtOnce } from '#platform/few-at-once.ts';
import { keepFor } from '#platform/kept.ts';
import { readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { readMenu } from '../menu/menu.ts';

/** Everybody who orders from a bar needs its counter's row for the half of the time: three keep it busy. */
const queue = fewAtOnce(3);

/** Owners seldom move their first counter; until it is noticed, some of its buyers stand in another line. */
const first = keepFor<string>(60_000);

/** Where an order is made that does not say where: at the business's first counter. Empty when that cannot be read just now. */
export const firstCounter = (businessId: string): Promise<string> =>
  first
    .get(businessId, async () => (await readMenu(businessId))[0]?.counter.location_id ?? '')
    .catch(() => '');

/** The counter that makes what is in the asker's cart; null: nothing in it comes from a bar. */
export const counterOfCart = async (
  db: Db,
  businessId: string,
  token: string | null,
): Promise<string | null> =>
  readAnswer(
    await db.rpc('cart_counter', { business_id: businessId, ...(token ? { cart_token: token } : {}) }),
  );

/** Places an order when it is its turn at this counter (a location's id). Null: it is not for a bar and waits for nobody. */
export const inTurn = <T>(businessId: string, counter: string | null, place: () => Promise<T>): Promise<T> =>
  counter === null ? place() : queue(`${businessId} ${counter}`, place);
