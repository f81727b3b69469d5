/** The other end of what outside tills are told: messages that are due are signed and posted. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '#platform/database.types.ts';
import { type Draining, drain } from '#platform/jobs/drain.ts';
import { described, log } from '#platform/log.ts';
import { readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import { type Posted, post } from './posting.ts';
import { signatureHeaders } from './signature.ts';

type Sending = Database['api']['Functions']['take_pos_messages']['Returns'][number];

async function note(sending: Sending, { status, error, took_ms }: Posted): Promise<void> {
  const outcome = {
    sending_id: sending.sending_id,
    took_ms,
    ...(status === null ? {} : { status }),
    ...(error === null ? {} : { error }),
  };
  // A database that is away for a moment must not make us forget that it was heard.
  for (let wait = 250; ; wait *= 2) {
    try {
      return void readAnswer(await serviceDb().rpc('pos_message_done', outcome));
    } catch (problem) {
      if (wait > 8000) return log.error('pos_message_not_noted', problem, { message_id: sending.message_id });
      await delay(wait);
    }
  }
}

/** Posts one message that was taken and notes what became of it. The body is the same at every try. */
export async function deliver(sending: Sending): Promise<void> {
  const body = JSON.stringify(sending.payload);
  const posted = await post(
    sending.url,
    {
      'content-type': 'application/json',
      'user-agent': 'Atrium (Standard Webhooks)',
      ...signatureHeaders(sending.secrets, sending.message_id, new Date(), body),
    },
    body,
  );
  if (posted.error !== null || posted.status === null || posted.status >= 300)
    log.warn('pos_message_unheard', { message_id: sending.message_id, ...posted });
  await note(sending, posted);
}

/** Sends what is due, now and from now on. As many processes may do so as one likes. */
export const drainDeliveries = (): Draining =>
  drain<Sending>({
    take: async (at_most) => readAnswer(await serviceDb().rpc('take_pos_messages', { at_most })),
    work: deliver,
    troubled: (error) => log.warn('deliveries_unreachable', described(error)),
    atOnce: 8,
    pollMs: 500,
    troubledMs: 2000,
  });
