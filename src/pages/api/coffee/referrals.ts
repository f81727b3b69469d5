/** Bringing somebody: the asker's own link, and coming by another's. */
import { z } from 'zod';
import { requireSignIn } from '#booking/signed-in.ts';
import {
  acceptInvitation,
  codeShape,
  forgetInvitation,
  invitedPath,
  myInvitation,
} from '#loyalty/referrals.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom } from '#platform/http/answers.ts';

export const GET = endpoint({
  summary:
    'Your personal link to bring somebody with, what both have of it, and how many came; null where the programme gives nothing for it',
  who: requireSignIn,
  limit: 'read',
  async act({ db, locals }) {
    const mine = await myInvitation(db, locals.business.id);
    return mine && { ...mine, link: `${locals.origin}${locals.href(invitedPath(mine.code))}` };
  },
});

export const POST = endpoint({
  summary:
    'Become a customer whom the owner of this code brought. Both have something of your first paid order.',
  input: z.object({ code: z.string().regex(codeShape) }),
  who: requireSignIn,
  limit: 'write',
  async act({ input, context, db, locals }) {
    forgetInvitation(context.cookies);
    return acceptInvitation(db, locals.business.id, input.code);
  },
  message: (_data, { locals: { m } }) => m.referrals.invited.done,
  form: {
    done: '/account/points',
    refused: (context) => /\/invited\/\w{8}$/.exec(cameFrom(context) ?? '')?.[0] ?? '/account/points',
  },
});
