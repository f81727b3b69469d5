/**
 * How often. Counted in the memory of this process: with several processes each allows this much, which is a limit
 * all the same. Change the numbers here; RATE_LIMIT_SCALE multiplies all of them (load tests, a busy launch day).
 */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { config } from '../config.ts';
import { limitKey } from './address.ts';

/**
 * Requests a minute. `member` is one signed-in person; `address` is everybody behind one address, signed in or not,
 * and is larger where a whole studio may share one wifi; `account` is one e-mail address somebody names.
 */
export const limits = {
  read: { member: 300, address: 900 },
  write: { member: 60, address: 240 },
  booking: { member: 30, address: 240 },
  money: { member: 20, address: 120 },
  /** Guesses of codes: slow enough that trying all of them takes longer than any promotion lasts. */
  codes: { member: 10, address: 60 },
  auth: { member: 10, address: 20, account: 10 },
  /** Machines whose sender is proven by a signature: payment providers send bursts. */
  machine: { member: 3000, address: 3000 },
} as const satisfies Record<string, { member: number; address: number; account?: number }>;

export type LimitName = keyof typeof limits;
type Whom = 'member' | 'address' | 'account';

const counters = new Map<string, RateLimiterMemory>();

function counter(name: LimitName, whom: Whom): RateLimiterMemory {
  const id = `${name} ${whom}`;
  let found = counters.get(id);
  if (!found) {
    const table: { member: number; address: number; account?: number } = limits[name];
    const points = Math.max(1, Math.round((table[whom] ?? table.member) * config.RATE_LIMIT_SCALE));
    found = new RateLimiterMemory({ keyPrefix: id, points, duration: 60 });
    counters.set(id, found);
  }
  return found;
}

/** Counts one request. Returns the seconds to wait, 0 when it may go on. */
export async function secondsToWait(name: LimitName, whom: Whom, id: string): Promise<number> {
  try {
    await counter(name, whom).consume(whom === 'address' ? limitKey(id) : id);
    return 0;
  } catch (refused) {
    if (refused instanceof Error) throw refused;
    return Math.max(1, Math.ceil((refused as RateLimiterRes).msBeforeNext / 1000));
  }
}
