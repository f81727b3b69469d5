/** What an outside till tells us: checked by its signature, stored by its id, obeyed once (api.receive_pos_message). */
import { createHash } from 'node:crypto';
import { isId } from '#platform/ids.ts';
import type { Json } from '#platform/database.types.ts';
import { type Details, Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import { forgetMenu } from '#shop/menu/menu.ts';
import { envelope } from './inputs.ts';
import { signatureProblem } from './signature.ts';

export interface Received {
  outcome: 'applied' | 'known' | 'waiting' | 'ignored' | 'kept';
  /** False: it came before, and this is what was answered then. */
  first: boolean;
  order_id?: string;
  /** What somebody should look at: see shop.keep_pos_sale. */
  flags?: string[];
  refund_cents?: number;
}

type Kept = Omit<Received, 'outcome'> & {
  outcome: Received['outcome'] | 'refused';
  code?: string;
  status?: number;
  details?: Details;
};

/** A refusal that was written down instead of raised. */
export const refusalIn = ({ code = '', status = 422, details = {} }: Kept): Refusal => {
  const fake = { code: `PT${status}`, message: code, details: JSON.stringify(details) };
  return answer({ data: null, error: fake }) as unknown as Refusal;
};

const parse = (body: string): Json | null => {
  // Postgres keeps no NUL in its texts.
  if (/\\u0000/.test(body)) return null;
  try {
    const read = envelope.safeParse(JSON.parse(body));
    return read.success ? (read.data as unknown as Json) : null;
  } catch {
    return null;
  }
};

/**
 * Refuses 404 pos_not_found, 400 webhook_unsigned, webhook_signature_wrong, webhook_too_old, webhook_too_new,
 * webhook_unreadable, 503 pos_paused, 409 pos_message_reused, and what the message itself was refused for.
 */
export async function receiveMessage(
  businessId: string,
  connectionId: string | null,
  headers: Headers,
  body: string,
): Promise<Received | Refusal> {
  if (!isId(connectionId ?? undefined) || connectionId === null) return new Refusal('pos_not_found', 404);
  const db = serviceDb();
  const [door] = readAnswer(await db.rpc('pos_door', { connection_id: connectionId }, { get: true }));
  if (!door || door.business_id !== businessId) return new Refusal('pos_not_found', 404);
  const away = async (why: Refusal) => {
    readAnswer(await db.rpc('turn_away_pos', { connection_id: connectionId, why: why.name }));
    return why;
  };
  const problem = signatureProblem(headers, body, door.secrets);
  if (problem) return away(new Refusal(problem, 400));
  // Worth trying again: nothing that was sold is lost meanwhile.
  if (door.state === 'paused') return away(new Refusal('pos_paused', 503, { seconds: 600 }));
  const message = parse(body);
  if (message === null) return away(new Refusal('webhook_unreadable', 400));
  const kept = answer(
    await db.rpc('receive_pos_message', {
      connection_id: connectionId,
      message_id: headers.get('webhook-id') ?? '',
      body: message,
      body_hash: createHash('sha256').update(body).digest('hex'),
    }),
  );
  if (isRefused(kept)) return kept;
  const told = kept as unknown as Kept;
  if (told.outcome === 'refused') return refusalIn(told);
  forgetMenu();
  const { code: _code, status: _status, details: _details, ...rest } = told;
  return rest as Received;
}
