/**
 * A guard for commands whose SQL function makes whoever asks a member of the business itself: it costs no round trip of
 * its own, as `requireMember` does.
 */
import type { Guard } from '#platform/guards.ts';
import { Refusal } from '#platform/refusals.ts';

export const requireSignIn: Guard<{ id: string; email: string }> = async ({ locals }) =>
  locals.user ?? new Refusal('sign_in_first', 401);
