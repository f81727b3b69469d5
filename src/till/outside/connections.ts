/** Outside tills as their managers keep them. */
import { isId } from '#platform/ids.ts';
import { config } from '#platform/config.ts';
import type { Json } from '#platform/database.types.ts';
import { Refusal, type RefusalName, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Hearable, PosFacts } from './inputs.ts';
import type { PosLink } from './links.ts';
import { addressProblem } from './posting.ts';

export type PosState = 'on' | 'paused' | 'gone' | 'ended';

/** A row of `api.pos_connections`. */
export interface PosRow {
  connection_id: string;
  name: string;
  location_id: string;
  location_name: string;
  url: string | null;
  state: PosState;
  made_at: string;
  heard_at: string | null;
  told_at: string | null;
  /** Of the last fifty each way. */
  amiss: number;
}

/** `api.pos_connection`. */
export interface PosConnection {
  connection_id: string;
  name: string;
  location_id: string;
  location_name: string;
  url: string | null;
  events: Hearable[];
  to_board: boolean;
  state: PosState;
  made_at: string;
  secret_made_at: string | null;
  old_good_until: string | null;
  links: PosLink[];
  turned_away: { why: RefusalName; times: number; last_at: string }[];
}

/** A new secret, on its way to whoever asked for it, and nowhere else. */
export interface PosSecret {
  connection_id: string;
  secret: string;
  old_good_until?: string;
}

const made = new WeakMap<App.Locals, PosSecret>();
/** Within the request that made it, so that it is in no cookie, no address and no log. */
export const showSecretOnce = (locals: App.Locals, secret: PosSecret): void => void made.set(locals, secret);
export const secretJustMade = (locals: App.Locals): PosSecret | undefined => made.get(locals);

/** Where an outside till sends what it sold. */
export const doorOf = (origin: string, id: string): string => `${origin}/api/coffee/pos?connection=${id}`;

export async function posConnections(db: Db, businessId: string): Promise<PosRow[] | Refusal> {
  const got = answer(await db.rpc('pos_connections', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as PosRow[]);
}

/** Refuses 404 pos_not_found. */
export async function posConnection(
  db: Db,
  businessId: string,
  id: string | undefined,
): Promise<PosConnection | Refusal> {
  if (!isId(id)) return new Refusal('pos_not_found', 404);
  const asked = { business_id: businessId, connection_id: id };
  const got = answer(await db.rpc('pos_connection', asked, { get: true }));
  return isRefused(got) ? got : (got as unknown as PosConnection);
}

export async function posPlaces(
  db: Db,
  businessId: string,
): Promise<{ location_id: string; name: string }[] | Refusal> {
  return answer(await db.rpc('till_places', { business_id: businessId }, { get: true }));
}

/** What is wrong with an address, or null. An empty one is none: such a till only tells us. */
function urlRefusal(url: string): Refusal | null {
  if (url === '') return null;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return new Refusal('pos_url_invalid', 422, { field: 'url' });
  return addressProblem(new URL(url), config.WEBHOOKS_MAY_STAY_LOCAL)
    ? new Refusal('pos_url_not_public', 422, { field: 'url' })
    : null;
}

/** Refuses 404 location_not_found, 409 pos_exists, 422 pos_url_invalid, pos_url_not_public. */
export async function connectPos(
  db: Db,
  businessId: string,
  { location_id, ...facts }: PosFacts & { location_id: string },
): Promise<PosSecret | Refusal> {
  const wrong = urlRefusal(facts.url);
  if (wrong) return wrong;
  const asked = { business_id: businessId, location_id, facts: facts as unknown as Json };
  const got = answer(await db.rpc('connect_pos', asked));
  return isRefused(got) ? got : (got as unknown as PosSecret);
}

/** Which one it was done to. */
type Kept = { connection_id: string };
const kept = (got: Json | Refusal): Kept | Refusal => (isRefused(got) ? got : (got as unknown as Kept));

/** Refuses 404 pos_not_found, 409 pos_exists, pos_ended, 422 pos_url_invalid, pos_url_not_public. */
export async function savePos(
  db: Db,
  businessId: string,
  { id, ...facts }: PosFacts & { id: string },
): Promise<Kept | Refusal> {
  const wrong = urlRefusal(facts.url);
  if (wrong) return wrong;
  const asked = { business_id: businessId, connection_id: id, facts: facts as unknown as Json };
  return kept(answer(await db.rpc('save_pos', asked)));
}

/** Refuses 404 pos_not_found, 409 pos_ended. */
export async function rotateSecret(
  db: Db,
  businessId: string,
  { id, overlap_hours }: { id: string; overlap_hours: number },
): Promise<PosSecret | Refusal> {
  const asked = { business_id: businessId, connection_id: id, overlap_hours };
  const got = answer(await db.rpc('rotate_pos_secret', asked));
  return isRefused(got) ? got : (got as unknown as PosSecret);
}

/** Refuses 404 pos_not_found, 409 pos_ended. */
export const setPosState = async (
  db: Db,
  businessId: string,
  { id, state }: { id: string; state: 'on' | 'paused' | 'ended' },
): Promise<Kept | Refusal> =>
  kept(answer(await db.rpc('set_pos_state', { business_id: businessId, connection_id: id, state })));

/** Refuses 404 pos_not_found, 409 pos_ended, pos_not_connected. */
export const testPos = async (db: Db, businessId: string, id: string): Promise<Kept | Refusal> =>
  kept(answer(await db.rpc('test_pos', { business_id: businessId, connection_id: id })));
