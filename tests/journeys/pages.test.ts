import { beforeAll, expect, it } from 'vitest';
import { memberScenes, ownerScenes, staffScenes, visitorScenes } from '../shots/scenes.ts';
import { aColleague } from '../doors/buyer.ts';
import { lotus, sql } from '../world.ts';
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

it('is fit for everyone where something went wrong, however long the words of machines are', async () => {
  const [letter] = await sql<{ id: string }>(
    `insert into messages.emails (business_id, to_address, locale, template, cause, data, next_try_at, state, attempts, last_error)
     values ($1, 'nowhere@example.test', 'en', 'account_locked', 'pages', '{}', null, 'failed', 3, $2) returning id`,
    [lotus, `550 mailbox unavailable: cs_${'0'.repeat(90)}`],
  );
  try {
    const scenes = [{ name: 'admin-jobs-failed', path: '/admin/jobs' }];
    expect(await readThrough({ scenes, who: await aColleague('owner') })).toEqual([]);
  } finally {
    await sql('delete from messages.emails where id = $1', [letter?.id]);
  }
});
