/** What a letter's List-Unsubscribe names: mail programs post to it, and people who follow it get the page. */
import { say, stopPage } from '#messages/post/stopping.ts';
import { endpoint } from '#platform/endpoint.ts';
import { z } from 'zod';

const input = z.object({ token: z.string().max(200) });

export const GET = endpoint({
  summary: 'Where a letter’s unsubscribe link leads people: to a page that asks first.',
  input,
  limit: 'read',
  act: ({ input: { token }, locals: { href } }) =>
    new Response(null, { status: 303, headers: { Location: href(stopPage(encodeURIComponent(token))) } }),
});

/** One click (RFC 8058): from the provider's machine, of any origin, signed in as nobody. The signature is the permission. */
export const POST = endpoint({
  summary: 'One-click unsubscribe (RFC 8058) from letters of this topic.',
  input,
  body: 'raw',
  limit: 'machine',
  act: ({ input: { token }, locals }) => say(locals.business.id, token, 'stop'),
});
