import { beforeAll, describe, expect, inject, it } from 'vitest';
import { memberScenes, ownerScenes, visitorScenes } from '../shots/scenes.ts';
import { aColleague } from '../doors/buyer.ts';
import { barberia, lotus } from '../world.ts';
import { porteño, spanish } from './acts.ts';
import { arrange, readThrough, share, type Place } from './reading.ts';

const { barberiaUrl } = inject('stack');

let place: Place;
beforeAll(async () => {
  place = await arrange(barberia);
});

const there = { voice: porteño, site: barberiaUrl };

it.each([1, 2, 3])(
  'is fit for everyone in Barbería Sur’s colours and words, as a visitor, part %i of 3',
  async (part) => {
    const scenes = share(visitorScenes(place.studio), part, 3);
    expect(await readThrough({ scenes, ...there })).toEqual([]);
  },
);

it.each([1, 2, 3])(
  'is fit for everyone in Barbería Sur’s colours and words, as a member, part %i of 3',
  async (part) => {
    const scenes = share(memberScenes(place.studio, place.dealings), part, 3);
    expect(await readThrough({ scenes, who: place.member, ...there })).toEqual([]);
  },
);

describe('fits a phone in Spanish, where words are longer', () => {
  const how = { voice: spanish, widthOnly: true };
  let here: Place;
  beforeAll(async () => {
    here = await arrange(lotus);
  });

  it.each([1, 2, 3])('as a visitor, part %i of 3', async (part) => {
    const scenes = share(visitorScenes(here.studio), part, 3);
    expect(await readThrough({ scenes, ...how })).toEqual([]);
  });

  it.each([1, 2, 3])('as a member, part %i of 3', async (part) => {
    const scenes = share(memberScenes(here.studio, here.dealings), part, 3);
    expect(await readThrough({ scenes, who: here.member, ...how })).toEqual([]);
  });

  it('as the owner', async () => {
    expect(await readThrough({ scenes: ownerScenes(), who: await aColleague('owner'), ...how })).toEqual([]);
  });
});
