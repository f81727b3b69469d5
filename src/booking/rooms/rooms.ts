/** Where classes are: locations and their rooms, as managers keep them. */
import { forgetTimetable } from '../timetable/timetable.ts';
import type { SpotMap } from './spot-map.ts';
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface Room {
  room_id: string;
  location_id: string;
  name: string;
  capacity: number;
  spot_map: SpotMap | null;
  /** Instant since when it is not offered for new classes. */
  retired_at: string | null;
  /** How many classes are to come in it. */
  upcoming: number;
}

export interface Location {
  location_id: string;
  name: string;
  address: {
    line1?: string;
    line2?: string;
    postcode?: string;
    city?: string;
    note?: Record<string, string>;
  };
  rooms: Room[];
}

/** Locations with their rooms, retired ones last. */
export async function locations(db: Db, businessId: string): Promise<Location[] | Refusal> {
  const got = answer(await db.rpc('admin_rooms', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as Location[]);
}

/** Makes one when `id` is null. Refuses 404 location_not_found, 422 name_invalid. */
export async function saveLocation(
  db: Db,
  businessId: string,
  input: { id: string | null; name: string; address: Record<string, unknown> },
): Promise<{ location_id: string } | Refusal> {
  const id = answer(
    await db.rpc('save_location', {
      business_id: businessId,
      location_id: input.id as string,
      name: input.name,
      address: input.address as Json,
    }),
  );
  forgetTimetable();
  return isRefused(id) ? id : { location_id: id };
}

/**
 * Makes one when `id` is null; facts left out stay. Refuses what api.save_room refuses, among them 409 spots_in_use unless
 * `releaseSpots`, and capacity_below_bookings.
 */
export async function saveRoom(
  db: Db,
  businessId: string,
  input: { id: string | null; facts: Record<string, unknown>; releaseSpots: boolean },
): Promise<{ room_id: string } | Refusal> {
  const saved = answer(
    await db.rpc('save_room', {
      business_id: businessId,
      room_id: input.id as string,
      facts: input.facts as Json,
      release_spots: input.releaseSpots,
    }),
  );
  forgetTimetable();
  return saved as { room_id: string } | Refusal;
}
