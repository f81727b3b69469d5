/**
 * Where people's mats lie in a room: a grid with a named spot here and there, and the teacher's place. Kept in
 * booking.rooms.spot_map; drawn by SpotMap.astro, edited as a grid of boxes.
 */
import { z } from 'zod';

export interface Spot {
  id: string;
  label: string;
  x: number;
  y: number;
}

export interface SpotMap {
  columns: number;
  rows: number;
  teacher: { x: number; y: number } | null;
  /** Counted from 0; y 0 is the row nearest to the teacher. */
  spots: Spot[];
}

export const mostColumns = 12;
export const mostRows = 12;

const place = { x: z.number().int().min(0).max(11), y: z.number().int().min(0).max(11) };
export const spotMapInput = z.object({
  columns: z.number().int().min(1).max(mostColumns),
  rows: z.number().int().min(1).max(mostRows),
  teacher: z.object(place).nullable(),
  spots: z
    .array(
      z.object({
        id: z.string().regex(/^[a-z0-9-]{1,12}$/),
        label: z.string().trim().min(1).max(6),
        ...place,
      }),
    )
    .min(1)
    .max(144),
});

const at = (x: number, y: number): string => `${x} ${y}`;

/** The spot on each field of the grid, row by row; null where there is none. */
export function gridOf(map: SpotMap): { x: number; y: number; spot: Spot | null; teacher: boolean }[][] {
  const spots = new Map(map.spots.map((spot) => [at(spot.x, spot.y), spot]));
  return Array.from({ length: map.rows }, (_, y) =>
    Array.from({ length: map.columns }, (__, x) => ({
      x,
      y,
      spot: spots.get(at(x, y)) ?? null,
      teacher: map.teacher?.x === x && map.teacher.y === y,
    })),
  );
}

/**
 * The map a form of boxes says: `at_<x>_<y>` for each spot, `teacher` as `<x>_<y>`, beside `columns` and `rows`. Spots are numbered
 * row by row. One that was there before keeps its id, so that whoever chose it keeps their place. Null when no box is ticked.
 */
export function readGrid(
  fields: Record<string, unknown>,
  size: { columns: number; rows: number },
  before: SpotMap | null,
): SpotMap | null {
  const known = new Map(before?.spots.map((spot) => [at(spot.x, spot.y), spot.id]));
  const used = new Set(known.values());
  const said = /^(\d{1,2})_(\d{1,2})$/.exec(String(fields['teacher'] ?? ''));
  const teacher = said ? { x: Number(said[1]), y: Number(said[2]) } : null;
  const inside = teacher && teacher.x < size.columns && teacher.y < size.rows ? teacher : null;
  const spots: Spot[] = [];
  let next = 1;
  const freeId = (): string => {
    while (used.has(String(next))) next++;
    used.add(String(next));
    return String(next);
  };
  for (let y = 0; y < size.rows; y++)
    for (let x = 0; x < size.columns; x++) {
      if (fields[`at_${x}_${y}`] !== 'yes' || (inside?.x === x && inside.y === y)) continue;
      spots.push({ id: known.get(at(x, y)) ?? freeId(), label: String(spots.length + 1), x, y });
    }
  return spots.length > 0 ? { ...size, teacher: inside, spots } : null;
}

/** A map to begin with: everybody in rows, the teacher in front. */
export function usualMap(places: number): SpotMap {
  const columns = Math.min(mostColumns, Math.max(2, Math.ceil(Math.sqrt(places * 1.4))));
  const rows = Math.min(mostRows, Math.ceil(places / columns) + 1);
  const spots = Array.from({ length: Math.min(places, columns * (rows - 1)) }, (_, i) => ({
    id: String(i + 1),
    label: String(i + 1),
    x: i % columns,
    y: Math.floor(i / columns) + 1,
  }));
  return { columns, rows, teacher: { x: Math.floor((columns - 1) / 2), y: 0 }, spots };
}
