import { expect, test } from 'vitest';
import { menuPartScenes, menuScenes, stockScenes } from '../shots/stock-scenes.ts';
import { aColleague } from '../doors/buyer.ts';
import { spanish } from './acts.ts';
import { readThrough } from './reading.ts';

test('the stockroom and the menu behind the counter can be read by everybody who keeps them', async () => {
  expect(
    await readThrough({ scenes: [...stockScenes, ...menuScenes], who: await aColleague('manager') }),
  ).toEqual([]);
});

test('what the menu is made of can be read by everybody who keeps it', async () => {
  expect(await readThrough({ scenes: menuPartScenes, who: await aColleague('manager') })).toEqual([]);
});

test('and fits a phone in Spanish, where words are longer', async () => {
  const how = { voice: spanish, widthOnly: true, who: await aColleague('manager') };
  expect(await readThrough({ scenes: menuPartScenes, ...how })).toEqual([]);
});
