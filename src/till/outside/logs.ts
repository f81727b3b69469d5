/** What went back and forth between us and an outside till, and once more what did not get through. */
import { isId } from '#platform/ids.ts';
import type { Json } from '#platform/database.types.ts';
import { type Details, Refusal, type RefusalName, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { forgetMenu } from '#shop/menu/menu.ts';
import { refusalIn } from './receiving.ts';

/** A row of `api.pos_received`. */
export interface PosReceived {
  inbox_id: number;
  message_id: string;
  type: string;
  received_at: string;
  state: 'received' | 'applied' | 'ignored' | 'refused' | 'waiting' | 'failed';
  answer: { outcome: string; code?: RefusalName; status?: number; details?: Details } | null;
  outside_id: string | null;
  order_id: string | null;
  reference: string | null;
  tender: 'cash' | 'card' | 'other' | null;
  flags: string[];
  repeats: number;
}

/** A row of `api.pos_sent`. */
export interface PosSent {
  sending_id: number;
  message_id: string;
  type: string;
  payload: Json;
  state: 'queued' | 'sent' | 'given_up';
  created_at: string;
  next_try_at: string | null;
  attempts: { at: string; status: number | null; error: string | null; took_ms: number }[];
}

interface Query {
  id: string | undefined;
  /** Only what came earlier than this one; null: from the newest. */
  before: number | null;
  size: number;
}
const asked = (businessId: string, { id = '', before, size }: Query) => ({
  business_id: businessId,
  connection_id: id,
  page_size: size,
  ...(before === null ? {} : { before_id: before }),
});

/** Newest first. Refuses 404 pos_not_found. */
export async function posReceived(
  db: Db,
  businessId: string,
  query: Query,
): Promise<PosReceived[] | Refusal> {
  if (!isId(query.id)) return new Refusal('pos_not_found', 404);
  const got = answer(await db.rpc('pos_received', asked(businessId, query), { get: true }));
  return isRefused(got) ? got : (got as unknown as PosReceived[]);
}

/** Newest first. Refuses 404 pos_not_found. */
export async function posSent(db: Db, businessId: string, query: Query): Promise<PosSent[] | Refusal> {
  if (!isId(query.id)) return new Refusal('pos_not_found', 404);
  const got = answer(await db.rpc('pos_sent', asked(businessId, query), { get: true }));
  return isRefused(got) ? got : (got as unknown as PosSent[]);
}

/** Obeys once more what was refused. Refuses 404 pos_message_not_found, and what it is refused for still. */
export async function obeyAgain(
  db: Db,
  businessId: string,
  inboxId: number,
): Promise<{ connection_id: string; outcome: string } | Refusal> {
  const got = answer(await db.rpc('retry_pos_message', { business_id: businessId, inbox_id: inboxId }));
  if (isRefused(got)) return got;
  const told = got as unknown as Parameters<typeof refusalIn>[0] & { connection_id: string };
  if (told.outcome === 'refused') return refusalIn(told);
  forgetMenu();
  return told;
}

/** Sends a message once more, now. Refuses 404 pos_message_not_found, 409 pos_not_connected. */
export async function sendPosAgain(
  db: Db,
  businessId: string,
  sendingId: number,
): Promise<{ connection_id: string } | Refusal> {
  const got = answer(await db.rpc('resend_pos_message', { business_id: businessId, sending_id: sendingId }));
  return isRefused(got) ? got : (got as unknown as { connection_id: string });
}
