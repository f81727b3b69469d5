/** Which business a visitor came to, kept for a while so that a page costs no round trip to know it. */
import { type Business, businessForHost } from '#business/businesses.ts';
import { log } from '../log.ts';
import { publicDb } from '../supabase.ts';

const keptFor = 30_000; // ms
// Host names are what visitors send, so there is no end of them.
const most = 500;

interface Kept {
  until: number;
  business: Business | null;
  asked: Promise<Business | null> | null;
}

const byHost = new Map<string, Kept>();

async function ask(host: string, kept: Kept): Promise<Business | null> {
  try {
    kept.business = await businessForHost(publicDb(), host);
    kept.until = Date.now() + keptFor;
    return kept.business;
  } catch (error) {
    // While the database is away, what we knew is better than nothing; ask again soon.
    if (!kept.business) throw error;
    log.error('business_stale', error, { host });
    kept.until = Date.now() + 1000;
    return kept.business;
  } finally {
    kept.asked = null;
  }
}

/** Throws when it cannot be found out. One question at a time for each host, however many visitors wait for it. */
export async function businessAt(host: string): Promise<Business | null> {
  let kept = byHost.get(host);
  if (!kept) {
    if (byHost.size >= most) byHost.delete(byHost.keys().next().value ?? '');
    kept = { until: 0, business: null, asked: null };
    byHost.set(host, kept);
  }
  if (kept.until > Date.now()) return kept.business;
  kept.asked ??= ask(host, kept);
  return kept.asked;
}

/** After the owner changed something about the business: every host asks again. */
export const forgetBusinesses = (): void => byHost.clear();
