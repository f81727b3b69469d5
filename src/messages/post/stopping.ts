/**
 * The way out of letters, for whoever holds one and is signed in nowhere: its signed link says whose and about what.
 * Nobody needs it for letters about their money or seat, which have no such link.
 */
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { isSigned, signed } from '#platform/signature.ts';
import { serviceDb } from '#platform/supabase.ts';
import { type Topic, topics } from '../choices.ts';

const purpose = 'stop letters';

export interface Stop {
  memberId: string;
  topic: Topic;
}

/** `stop`: as api.take_emails names it, `<member>.<topic>`. */
export const stopToken = (stop: string): string => `${stop}.${signed(purpose, stop)}`;
/** A page for people, and the address that mail programs post to. */
export const stopPage = (token: string): string => `/unsubscribe/${token}`;
export const stopAddress = (token: string): string => `/api/members/notifications/stop/${token}`;

/** Null for what we did not sign. */
export function readStop(token: string): Stop | null {
  const [, stop = '', memberId = '', topic = '', signature = ''] =
    /^(([0-9a-f-]{36})\.([a-z]{3,20}))\.([\w-]{43})$/.exec(token) ?? [];
  const known = topics.find((one) => one === topic);
  return known && isSigned(purpose, stop, signature) ? { memberId, topic: known } : null;
}

/** Whether letters of its topic are wanted, and whether any are. Refuses 404 `link_not_known`. */
export async function wantedBy(
  businessId: string,
  token: string,
): Promise<{ topic: Topic; wanted: boolean; agreed: boolean } | Refusal> {
  const stop = readStop(token);
  const asked = stop && { business_id: businessId, member_id: stop.memberId, topic: stop.topic };
  const [found] = asked ? readAnswer(await serviceDb().rpc('letters_wanted', asked, { get: true })) : [];
  return stop && found ? { topic: stop.topic, ...found } : new Refusal('link_not_known', 404);
}

export const wishes = ['stop', 'stop_all', 'resume'] as const;
export type Wish = (typeof wishes)[number];

/** Refuses 404 `link_not_known`. */
export async function say(businessId: string, token: string, wish: Wish): Promise<{ wish: Wish } | Refusal> {
  const stop = readStop(token);
  if (!stop) return new Refusal('link_not_known', 404);
  const refused = answer(
    await serviceDb().rpc('want_letters', {
      business_id: businessId,
      member_id: stop.memberId,
      topic: stop.topic,
      wanted: wish === 'resume',
      everything: wish === 'stop_all',
    }),
  );
  return isRefused(refused) ? refused : { wish };
}
