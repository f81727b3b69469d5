/** What may be said of rooms and locations, by forms and by programs. */
import { z } from 'zod';
import { maybe, ticked, whole } from '#platform/inputs.ts';
import { mostColumns, mostRows, spotMapInput } from './spot-map.ts';

const name = z.string().trim().min(1).max(80);
const line = z.string().trim().max(120).optional();

export const locationInput = z.object({
  name,
  line1: line,
  line2: line,
  postcode: z.string().trim().max(20).optional(),
  city: line,
});

/** A form says `chooses` yes or no and ticks the boxes `at_<x>_<y>`; a program sends `spot_map`, null for none. */
export const roomInput = z.looseObject({
  location_id: z.guid(),
  name,
  capacity: whole(1, 10_000),
  spot_map: spotMapInput.nullable().optional(),
  chooses: z.enum(['yes', 'no']).optional(),
  columns: maybe(whole(1, mostColumns)),
  rows: maybe(whole(1, mostRows)),
  retired: z
    .boolean()
    .or(z.enum(['yes', 'no']).transform((said) => said === 'yes'))
    .optional(),
  release_spots: ticked,
});
export type RoomInput = z.output<typeof roomInput>;

export const addressOf = (input: z.output<typeof locationInput>): Record<string, string> =>
  Object.fromEntries(
    (['line1', 'line2', 'postcode', 'city'] as const).flatMap((part) =>
      input[part] === undefined ? [] : [[part, input[part]]],
    ),
  );
