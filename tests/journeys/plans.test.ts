import { expect, it } from 'vitest';
import { keeperScenes, subscriberScenes } from '../shots/plans-scenes.ts';
import { aBuyer, aColleague, untilOrder } from '../doors/buyer.ts';
import { memberOf } from '../doors/studio.ts';
import { aSubscriber, buyPlan } from '../doors/subscriber.ts';
import { sql } from '../world.ts';
import { button, heading, link, m, see, signInHere, spanish } from './acts.ts';
import { openWindow, phone, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

it('is fit for everyone where a member sees, rests and changes a membership, in both languages', async () => {
  const { buyer, member } = await aSubscriber('eight-a-month', 'journeyer');
  const scenes = subscriberScenes(member.id);
  expect(await readThrough({ scenes, who: buyer })).toEqual([]);
  expect(await readThrough({ scenes, who: buyer, voice: spanish, widthOnly: true })).toEqual([]);
});

it('is fit for everyone where the studio keeps its prices and passes', async () => {
  const buyer = await aBuyer('journeyer');
  await untilOrder((await buyPlan(buyer, 'ten-classes')).order_id, { state: 'paid' });
  const member = await memberOf(buyer);
  const [pass] = await sql<{ id: string }>('select id from members.passes where member_id = $1', [member]);
  const { member: period } = await aSubscriber('eight-a-month', 'journeyer');
  const [paid] = await sql<{ line: string }>(
    'select order_line_id as line from members.passes where membership_id = $1',
    [period.id],
  );
  const scenes = keeperScenes({ member, pass: pass?.id ?? '', line: paid?.line ?? '' });
  expect(await readThrough({ scenes, who: await aColleague('manager') })).toEqual([]);
});

it('lets a membership rest and come back, on a phone without script', async () => {
  const { buyer } = await aSubscriber('eight-a-month', 'journeyer');
  const page = await openWindow({ size: phone, script: false, touch: true });
  await visit(page, '/signin');
  await signInHere(page, buyer);
  await page.waitForURL('**/account');
  await visit(page, '/account/passes');
  await link(page, m.plans.freeze.act).click();
  await see(heading(page, m.plans.freeze.title));
  await button(page, m.plans.freeze.show).click();
  await see(page.getByText(m.plans.freeze.rules.shift));
  await button(page, m.plans.freeze.confirm).click();
  await see(button(page, m.plans.freeze.takeBack));
  await button(page, m.plans.freeze.takeBack).click();
  await see(link(page, m.plans.freeze.act));
});

it('changes a membership for a dearer one after showing what it costs', async () => {
  const { buyer } = await aSubscriber('eight-a-month', 'journeyer');
  const page = await openWindow();
  await visit(page, '/signin');
  await signInHere(page, buyer);
  await page.waitForURL('**/account');
  await visit(page, '/account/passes');
  await link(page, m.plans.change.act).click();
  await page.getByLabel('Unlimited', { exact: true }).check();
  await button(page, m.plans.change.show).click();
  await see(page.getByText(m.plans.change.due, { exact: true }));
  await page.getByRole('button', { name: /^Change it and pay/ }).click();
  await see(page.getByRole('heading', { name: 'Unlimited', exact: true }));
});
