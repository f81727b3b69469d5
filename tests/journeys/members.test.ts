import { afterAll, expect, inject, it } from 'vitest';
import {
  directoryScenes,
  ownScenes,
  passScenes,
  postScenes,
  unsignedScenes,
} from '../shots/members-scenes.ts';
import { aColleague } from '../doors/buyer.ts';
import { openBooks } from '../shots/studio.ts';
import { crowd, lotus, people } from '../world.ts';
import { button, heading, link, m, see, signIn } from './acts.ts';
import { openWindow, phone, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

const books = openBooks(inject('stack').databaseUrl);
afterAll(() => books.close());

it('is fit for everyone where members tell about themselves and see what they have done', async () => {
  const [, child] = await books.familyOf(lotus, people.ada.email);
  expect(await readThrough({ scenes: ownScenes(child), who: people.ada })).toEqual([]);
});

it('is fit for everyone who is new, has signed nothing and has been nowhere yet', async () => {
  const [newcomer] = await crowd(1, 'unsigned');
  expect(await readThrough({ scenes: unsignedScenes(), who: newcomer! })).toEqual([]);
});

it('is fit for everyone where the front desk looks after members', async () => {
  const [member] = await books.familyOf(lotus, people.ada.email);
  expect(await readThrough({ scenes: directoryScenes(member), who: await aColleague('manager') })).toEqual(
    [],
  );
});

it('is fit for everyone where the studio reads its post, and a member the past of a pass', async () => {
  const [member] = await books.familyOf(lotus, people.ada.email);
  const post = postScenes(member, await books.letterOf(lotus, member));
  expect(await readThrough({ scenes: post, who: await aColleague('manager') })).toEqual([]);
  const { email, pass } = await books.passOf(lotus);
  expect(await readThrough({ scenes: passScenes(pass), who: { email } })).toEqual([]);
});

it('lets a parent add a child, sign for both and set a goal, on a phone without script', async () => {
  const page = await openWindow({ size: phone, script: false, touch: true });
  await signIn(page);
  await visit(page, '/account/family');
  await page.getByLabel(m.members.family.name).fill('Mia Journey');
  await button(page, m.members.family.addAct).click();
  await see(page.getByRole('listitem').filter({ hasText: 'Mia Journey' }));
  await visit(page, '/account');
  await link(page, m.members.waiver.nagAct).click();
  await see(heading(page, m.members.waiver.title));
  await page.getByLabel(m.members.waiver.typedName).fill('Journey Parent');
  await button(page, m.members.waiver.act).click();
  await see(page.getByRole('heading', { name: m.members.waiver.done }));
  await visit(page, '/account/progress');
  await page.getByText(m.progress.goal.set).click();
  await page.getByLabel(m.progress.goal.target).fill('2');
  await button(page, m.progress.goal.act).click();
  await see(page.getByRole('heading', { name: m.progress.goal.progressClasses({ done: 0, target: 2 }) }));
});
