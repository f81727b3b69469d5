/** Picking one's place: the map of a session's room, what is taken, and what is mine. */
import type { SpotMap } from './spot-map.ts';
import { isId } from '#platform/ids.ts';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface SessionSpots {
  session_id: string;
  room_name: string;
  map: SpotMap;
  /** Ids of spots. */
  taken: string[];
  /** Whether one may still be picked. */
  open: boolean;
  /** The asker's own seats and those of people they look after. */
  mine: { booking_id: string; name: string; spot: string | null }[];
}

/** Null when nobody picks a place in that room, or there is no such session. */
export async function sessionSpots(
  db: Db,
  businessId: string,
  sessionId: string | undefined,
): Promise<SessionSpots | null | Refusal> {
  if (!isId(sessionId)) return new Refusal('session_not_found', 404);
  const got = answer(
    await db.rpc('session_spots', { business_id: businessId, session_id: sessionId }, { get: true }),
  );
  return isRefused(got) ? got : (got as unknown as SessionSpots | null);
}

export interface ChosenSpot {
  booking_id: string;
  session_id: string;
  spot: string | null;
  taken: string[];
}

/** Null gives the spot up. Refuses 404 booking_not_found, 409 spot_taken, session_past …, 422 spot_not_found. */
export async function chooseSpot(
  db: Db,
  businessId: string,
  input: { booking_id: string; spot: string | null },
): Promise<ChosenSpot | Refusal> {
  const chosen = answer(
    await db.rpc('choose_spot', {
      business_id: businessId,
      booking_id: input.booking_id,
      // The types do not know that this argument may be null.
      spot: input.spot as string,
    }),
  );
  return isRefused(chosen) ? chosen : (chosen as unknown as ChosenSpot);
}
