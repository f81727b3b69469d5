import { expect, test } from 'vitest';
import { gridOf, readGrid, spotMapInput, usualMap, type SpotMap } from '#booking/rooms/spot-map.ts';

const boxes = (...places: string[]) => Object.fromEntries(places.map((place) => [`at_${place}`, 'yes']));

test('ticked boxes become spots, numbered row by row, and the teacher’s field is none of them', () => {
  const map = readGrid({ ...boxes('1_1', '0_1', '1_0'), teacher: '1_0' }, { columns: 2, rows: 2 }, null);
  expect(map).toEqual({
    columns: 2,
    rows: 2,
    teacher: { x: 1, y: 0 },
    spots: [
      { id: '1', label: '1', x: 0, y: 1 },
      { id: '2', label: '2', x: 1, y: 1 },
    ],
  });
});

test('a spot that stays where it was keeps its id, whatever number it shows from then on', () => {
  const before = readGrid(boxes('0_1', '1_1'), { columns: 3, rows: 2 }, null);
  const after = readGrid(boxes('0_0', '0_1', '1_1'), { columns: 3, rows: 2 }, before);
  expect(after?.spots.map(({ id, label }) => `${label}=${id}`)).toEqual(['1=3', '2=1', '3=2']);
});

test('boxes outside of a grid that became smaller are gone, and no box is no map', () => {
  expect(readGrid(boxes('3_3', '0_0'), { columns: 2, rows: 2 }, null)?.spots).toHaveLength(1);
  expect(readGrid({ teacher: '0_0' }, { columns: 2, rows: 2 }, null)).toBeNull();
  expect(readGrid({ ...boxes('0_0'), teacher: '5_5' }, { columns: 2, rows: 2 }, null)?.teacher).toBeNull();
});

test.each([1, 2, 7, 12, 16, 30, 60, 120])(
  'a room for %i begins with a map that fits all of them',
  (places) => {
    const map = usualMap(places);
    expect(map.spots).toHaveLength(places);
    expect(spotMapInput.safeParse(map).success).toBe(true);
    const fields = gridOf(map).flat();
    expect(fields).toHaveLength(map.columns * map.rows);
    expect(fields.filter(({ spot }) => spot)).toHaveLength(places);
    expect(fields.filter(({ teacher, spot }) => teacher && !spot)).toHaveLength(1);
  },
);

test('the grid shows each spot where it is', () => {
  const map: SpotMap = { columns: 2, rows: 1, teacher: null, spots: [{ id: 'a', label: 'A', x: 1, y: 0 }] };
  expect(gridOf(map).map((row) => row.map(({ spot }) => spot?.label ?? null))).toEqual([[null, 'A']]);
});
