import { beforeAll, expect, it } from 'vitest';
import { memberScenes, ownerScenes, staffScenes, visitorScenes } from '../shots/scenes.ts';
import { lotus, people } from '../world.ts';
import { arrange, readThrough, type Place } from './reading.ts';

let place: Place;
beforeAll(async () => {
  place = await arrange(lotus);
});

it('is fit for everyone on every page a visitor sees', async () => {
  expect(await readThrough({ scenes: visitorScenes(place.studio) })).toEqual([]);
});

it('is fit for everyone on every page a member sees', async () => {
  const scenes = memberScenes(place.studio, place.dealings);
  expect(await readThrough({ scenes, who: place.member })).toEqual([]);
});

it('is fit for everyone on every page of the team', async () => {
  expect(await readThrough({ scenes: staffScenes(place.dealings), who: people.manager })).toEqual([]);
  expect(await readThrough({ scenes: ownerScenes(), who: people.owner })).toEqual([]);
});
