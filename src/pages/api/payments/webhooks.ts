/**
 * Stripe's events. Verified on the raw body, stored by id, obeyed once. Whatever cannot be obeyed now is kept and tried
 * again by us, so Stripe hears 200 as soon as the event is safe; 5xx only when it could not be stored, or when Stripe
 * did not answer what we ask about a subscription.
 */
import { reachable, receiveEvent } from '#payments/payments.ts';
import { eventInFull } from '#payments/stripe/asking.ts';
import { stripe } from '#payments/stripe/client.ts';
import { config } from '#platform/config.ts';
import { endpoint } from '#platform/endpoint.ts';
import { log } from '#platform/log.ts';
import { Refusal } from '#platform/refusals.ts';
import Stripe from 'stripe';
import { z } from 'zod';

/** Seconds a signature stays good, as Stripe's own libraries have it. */
const tolerance = 300;

/** What every event has; what is in its object is the concern of `eventInFull`. */
const envelope = z.object({
  id: z.string().min(1),
  type: z.string(),
  created: z.int().nonnegative(),
  data: z.object({ object: z.looseObject({}) }),
});

export const POST = endpoint({
  summary: 'Receive an event from Stripe',
  limit: 'machine',
  body: 'raw',
  maxBody: 1024 * 1024,
  act: async ({ body, context, locals }) => {
    const signature = context.request.headers.get('stripe-signature');
    if (!signature) return new Refusal('webhook_unsigned', 400);
    let event: Stripe.Event;
    try {
      event = stripe().webhooks.constructEvent(body, signature, config.STRIPE_WEBHOOK_SECRET, tolerance);
      envelope.parse(event);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) {
        log.error('webhook_refused', error, { request_id: locals.requestId, why: 'unreadable' });
        return new Refusal('webhook_unreadable', 400);
      }
      const old = /tolerance/i.test(error.message);
      log.warn('webhook_refused', { request_id: locals.requestId, why: old ? 'old' : 'signature' });
      return new Refusal(old ? 'webhook_too_old' : 'webhook_signature_wrong', 400);
    }
    const outcome = await receiveEvent(await eventInFull(event).catch(reachable));
    log.info('webhook', { request_id: locals.requestId, event_id: event.id, type: event.type, outcome });
    return { outcome };
  },
});
