/** Pay, or try again: to the provider's hosted page for this order. */
import { startPayment } from '#payments/payments.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { z } from 'zod';

export const POST = endpoint({
  summary: 'Open the payment page of an order',
  input: z.object({ order_id: z.guid() }),
  who: requireMember,
  limit: 'money',
  form: { done: ({ url }: { url: string }) => url, refused: (context) => refusedPage(context.request) },
  act: ({ input, locals }) => startPayment(locals, input.order_id),
});

/** The order's own page says best why it cannot be paid. */
function refusedPage(request: Request): string {
  const from = request.headers.get('referer');
  return from && URL.canParse(from) ? new URL(from).pathname : '/account/orders';
}
