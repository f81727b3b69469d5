import { beforeAll, expect, inject, it } from 'vitest';
import { memberScenes, ownerScenes, visitorScenes } from '../shots/scenes.ts';
import { barberia, lotus, people } from '../world.ts';
import { porteño, spanish } from './acts.ts';
import { arrange, readThrough, type Place } from './reading.ts';

const { barberiaUrl } = inject('stack');

let place: Place;
beforeAll(async () => {
  place = await arrange(barberia);
});

const there = { voice: porteño, site: barberiaUrl };

it('is fit for everyone in Barbería Sur’s colours and words, as a visitor', async () => {
  expect(await readThrough({ scenes: visitorScenes(place.studio), ...there })).toEqual([]);
});

it('is fit for everyone in Barbería Sur’s colours and words, as a member', async () => {
  const scenes = memberScenes(place.studio, place.dealings);
  expect(await readThrough({ scenes, who: place.member, ...there })).toEqual([]);
});

it('fits a phone in Spanish, where words are longer', async () => {
  const here = await arrange(lotus);
  const how = { voice: spanish, widthOnly: true };
  expect(await readThrough({ scenes: visitorScenes(here.studio), ...how })).toEqual([]);
  const scenes = memberScenes(here.studio, here.dealings);
  expect(await readThrough({ scenes, who: here.member, ...how })).toEqual([]);
  expect(await readThrough({ scenes: ownerScenes(), who: people.owner, ...how })).toEqual([]);
});
