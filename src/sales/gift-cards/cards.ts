/** Gift cards: buying one, and what whoever holds code and PIN may know and do. */
import { evenly } from '#platform/evenly.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { type Db, serviceDb } from '#platform/supabase.ts';

/** `api.gift_card_offer`; minor units. valid_months null: for ever. */
export interface GiftCardOffer {
  amounts: number[];
  min_cents: number;
  max_cents: number;
  valid_months: number | null;
  currency: string;
}
export interface CardBalance {
  card_id: string;
  ending: string;
  amount_cents: number;
  balance_cents: number;
  currency: string;
  expires_at: string | null;
  problem: 'gift_card_blocked' | 'gift_card_expired' | null;
}
type Tried =
  ({ outcome: 'found' } & CardBalance) | { outcome: 'unknown' } | { outcome: 'locked'; seconds: number };

export async function giftCardOffer(db: Db, businessId: string): Promise<GiftCardOffer> {
  const [offer] = readAnswer(await db.rpc('gift_card_offer', { business_id: businessId }, { get: true }));
  if (!offer) throw new Error('A business without gift card rules');
  return offer as GiftCardOffer;
}

export interface GiftCardWish {
  to_name: string;
  to_email: string;
  from_name: string;
  message?: string | undefined;
  locale?: string | undefined;
  send_on?: string | undefined;
}

/** Answers the cart's line. Refuses 422 gift_card_amount_invalid, name_invalid, email_invalid, message_too_long, send_on_invalid. */
export async function addGiftCard(
  db: Db,
  businessId: string,
  input: { cents: number; token: string; details: GiftCardWish },
): Promise<{ line_id: string } | Refusal> {
  const added = answer(
    await db.rpc('add_gift_card_to_cart', {
      business_id: businessId,
      amount_cents: input.cents,
      cart_token: input.token,
      details: { ...input.details },
    }),
  );
  return isRefused(added) ? added : { line_id: added };
}

/** A wrong code is answered like one that does not exist, no sooner and no later. */
async function tried(work: Promise<unknown>): Promise<CardBalance | Refusal> {
  const result = (await evenly(work, 300)) as Tried | Refusal;
  if (isRefused(result)) return result;
  if (result.outcome === 'locked') return new Refusal('gift_card_locked', 429, { seconds: result.seconds });
  if (result.outcome === 'unknown') return new Refusal('gift_card_not_found', 404, { field: 'code' });
  const { outcome: _outcome, ...card } = result;
  return card;
}

const named = (locals: App.Locals, input: { code: string; pin: string }) => ({
  business_id: locals.business.id,
  ...input,
  address: locals.address,
});

/** Refuses 404 gift_card_not_found, 429 gift_card_locked, 409 gift_card_blocked, gift_card_expired. */
export async function checkGiftCard(
  locals: App.Locals,
  input: { code: string; pin: string },
): Promise<CardBalance | Refusal> {
  const card = await tried(
    (async () => answer(await serviceDb().rpc('check_gift_card', named(locals, input))))(),
  );
  return !isRefused(card) && card.problem ? new Refusal(card.problem, 409) : card;
}

/** The card pays its part of the asker's cart. Refuses as `checkGiftCard`, 409 gift_card_empty, cart_empty and its kin. */
export const useGiftCard = (
  locals: App.Locals,
  input: { code: string; pin: string; token: string | null },
): Promise<CardBalance | Refusal> =>
  tried(
    (async () =>
      answer(
        await serviceDb().rpc('use_gift_card', {
          ...named(locals, { code: input.code, pin: input.pin }),
          ...(locals.user && { user_id: locals.user.id }),
          ...(input.token && { cart_token: input.token }),
        }),
      ))(),
  );

/** Refuses 404 gift_card_not_found, 409 letter_on_its_way, gift_card_blocked, 429 gift_card_sent_just_now. */
export async function resendGiftCard(db: Db, businessId: string, cardId: string): Promise<null | Refusal> {
  const sent = answer(await db.rpc('resend_gift_card', { business_id: businessId, card_id: cardId }));
  return isRefused(sent) ? sent : null;
}
