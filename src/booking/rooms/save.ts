/** From a room's form or a program's words to the facts that are kept. */
import { locations, saveRoom } from './rooms.ts';
import type { RoomInput } from './inputs.ts';
import { readGrid, usualMap } from './spot-map.ts';
import { type Refusal, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

/** Saves a room; the boxes of a form are read against the map that is there, so that spots keep their ids. */
export async function saveRoomAsSaid(
  db: Db,
  businessId: string,
  id: string | null,
  input: RoomInput,
): Promise<{ room_id: string } | Refusal> {
  const { location_id, name, capacity, retired } = input;
  let map = input.spot_map;
  if (input.chooses === 'no') map = null;
  if (input.chooses === 'yes') {
    const found = id ? await locations(db, businessId) : [];
    if (isRefused(found)) return found;
    const before =
      found.flatMap(({ rooms }) => rooms).find(({ room_id }) => room_id === id)?.spot_map ?? null;
    const usual = usualMap(capacity);
    const size = { columns: input.columns ?? usual.columns, rows: input.rows ?? usual.rows };
    // Nothing ticked yet: everybody in rows, to be changed from there.
    map = readGrid(input, size, before) ?? (before ? null : usual);
  }
  const facts = { location_id, name, capacity, spot_map: map, retired };
  return saveRoom(db, businessId, {
    id,
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    releaseSpots: input.release_spots,
  });
}
