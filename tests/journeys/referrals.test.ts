import { expect, it } from 'vitest';
import { type Somebody, connectionOf, crowd, lotus } from '../world.ts';
import { button, link, m, see, signIn } from './acts.ts';
import { openWindow, phone, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

/** Somebody's personal link, as its page's path. */
async function linkOf(person: Somebody): Promise<string> {
  const client = await connectionOf(person.id);
  const { rows } = await client.query(`select api.my_invitation($1) ->> 'code' as code`, [lotus]);
  await client.end();
  return `/invited/${rows[0].code}`;
}

it('is fit for everyone where a personal link leads: for somebody new, for its owner, for who is here already', async () => {
  const [owner, other] = await crowd(2, 'bringer');
  const path = await linkOf(owner!);
  expect(await readThrough({ scenes: [{ name: 'invited', path }] })).toEqual([]);
  expect(await readThrough({ scenes: [{ name: 'invited-own', path }], who: owner! })).toEqual([]);
  expect(await readThrough({ scenes: [{ name: 'invited-known', path }], who: other! })).toEqual([]);
});

it('shows the link and its picture on a phone without script; with script a button copies it', async () => {
  for (const script of [false, true]) {
    const page = await openWindow({ size: phone, script, touch: true });
    const path = await linkOf(await signIn(page));
    await visit(page, '/account/points');
    const field = page.getByLabel(m.referrals.mine.link, { exact: true });
    expect(await field.inputValue()).toContain(path);
    await see(link(page, m.referrals.mine.mail));
    await page.getByText(m.referrals.mine.picture).click();
    await see(
      page.getByRole('img', { name: m.referrals.mine.pictureOf({ link: await field.inputValue() }) }),
    );
    expect(await button(page, m.referrals.mine.copy).count()).toBe(script ? 1 : 0);
    if (!script) continue;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, m.referrals.mine.copy).click();
    await see(page.getByText(m.referrals.mine.copied));
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(path);
  }
});
