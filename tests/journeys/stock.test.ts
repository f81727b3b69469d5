import { expect, test } from 'vitest';
import { menuScenes, stockScenes } from '../shots/stock-scenes.ts';
import { people } from '../world.ts';
import { readThrough } from './reading.ts';

test('the stockroom and the menu behind the counter can be read by everybody who keeps them', async () => {
  expect(await readThrough({ scenes: [...stockScenes, ...menuScenes], who: people.manager })).toEqual([]);
});
