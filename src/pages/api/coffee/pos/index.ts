/** Where an outside till tells what it sold and moved: verified on the raw body, stored by its id, obeyed once. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { messages } from '#till/outside/inputs.ts';
import { receiveMessage } from '#till/outside/receiving.ts';

export const POST = endpoint({
  summary:
    'A sale, refund or stock movement of an outside till, signed as Standard Webhooks says; each counts once, whatever is sent how often',
  limit: 'machine',
  body: 'raw',
  maxBody: 256 * 1024,
  describes: {
    body: messages,
    query: z.object({ connection: z.guid() }),
    headers: z.object({
      'webhook-id': z.string().max(200).describe('Of this message, the same when it is sent again'),
      'webhook-timestamp': z.string().describe('Seconds since 1970, within five minutes of ours'),
      'webhook-signature': z
        .string()
        .describe('v1,<base64 of HMAC-SHA256 over id.timestamp.body>; several with spaces between them'),
    }),
  },
  act: ({ body, context, locals }) =>
    receiveMessage(
      locals.business.id,
      context.url.searchParams.get('connection'),
      context.request.headers,
      body,
    ),
});
