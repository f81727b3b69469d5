import { beforeAll, expect, it } from 'vitest';
import { memberScenes, ownerScenes, staffScenes, visitorScenes } from '../shots/scenes.ts';
import { aColleague } from '../doors/buyer.ts';
import { lotus } from '../world.ts';
import { arrange, readThrough, share, type Place } from './reading.ts';

let place: Place;
beforeAll(async () => {
  place = await arrange(lotus);
});

it.each([1, 2, 3])('is fit for everyone on every page a visitor sees, part %i of 3', async (part) => {
  const scenes = share(visitorScenes(place.studio), part, 3);
  expect(await readThrough({ scenes })).toEqual([]);
});

it.each([1, 2, 3])('is fit for everyone on every page a member sees, part %i of 3', async (part) => {
  const scenes = share(memberScenes(place.studio, place.dealings), part, 3);
  expect(await readThrough({ scenes, who: place.member })).toEqual([]);
});

it('is fit for everyone on every page of the team', async () => {
  expect(
    await readThrough({ scenes: staffScenes(place.dealings), who: await aColleague('manager') }),
  ).toEqual([]);
});

it('is fit for everyone on every page of the owner', async () => {
  expect(await readThrough({ scenes: ownerScenes(), who: await aColleague('owner') })).toEqual([]);
});
