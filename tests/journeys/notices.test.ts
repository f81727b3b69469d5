import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { aColleague } from '../doors/buyer.ts';
import { letterTo, lettersTo } from '../doors/visitor.ts';
import { lotus, sql } from '../world.ts';
import { button, heading, link, m, see, signIn, signInHere } from './acts.ts';
import { examine } from './examine.ts';
import { openWindow, phone, visit } from './browsing.ts';

const words = m.notices;
const bell = (page: Page) => page.locator('[data-bell]');
const unread = async (page: Page): Promise<string> => (await bell(page).innerText()).trim();

/** Signed in and a member of the studio. */
async function arrive(page: Page): Promise<string> {
  const somebody = await signIn(page);
  const [member] = await sql<{ id: string }>(
    `insert into members.members (business_id, user_id, name, email) values ($1, $2, 'Journey', $3)
     on conflict (business_id, user_id) where user_id is not null do update set name = 'Journey' returning id`,
    [lotus, somebody.id, somebody.email],
  );
  return member!.id;
}

const tell = (member: string, count: number) =>
  sql(`select messages.notify($1, $2, 'milestone', $3, $4)`, [
    lotus,
    member,
    `journey ${count}`,
    JSON.stringify({ measure: 'classes', count }),
  ]);

it('rings on every open page the moment something is told, says what, and falls silent when it was read on one of them', async () => {
  const first = await openWindow();
  const member = await arrive(first);
  const second = await first.context().newPage();
  // Both are listened to before anything happens: the answer begins when they are. A page may begin before its visit is over.
  for (const [page, path] of [
    [first, '/schedule'],
    [second, '/instructors'],
  ] as const) {
    await Promise.all([page.waitForResponse(/\/api\/live\?topic=member/), visit(page, path)]);
  }
  await expect.poll(() => unread(second)).toBe(words.title);

  await tell(member, 50);
  for (const page of [first, second]) {
    await expect.poll(() => unread(page)).toMatch(/\b1\b/);
    await see(page.locator('#toasts').getByText('50 classes'));
  }
  await tell(member, 100);
  await expect.poll(() => unread(second)).toMatch(/\b2\b/);

  await bell(second).click();
  await see(heading(second, words.title));
  await see(link(second, `${words.isNew} 100 classes`));
  // Looked at, so read: here and on the other page.
  for (const page of [first, second]) await expect.poll(() => unread(page)).toBe(words.title);
  await second.reload();
  await see(second.getByRole('heading', { name: words.earlier }));
});

it('is a link and a list with a button for whoever has no script', async () => {
  const page = await openWindow({ script: false, size: phone });
  const member = await arrive(page);
  await tell(member, 10);
  await visit(page, '/schedule');
  expect(await unread(page)).toMatch(/\b1\b/);
  await bell(page).click();
  await see(heading(page, words.title));
  await button(page, words.readAll).click();
  await see(page.getByText(words.readDone));
  expect(await unread(page)).toBe(words.title);

  await link(page, words.choose).click();
  await see(heading(page, words.choices.title));
  const progress = words.choices.tick({ topic: words.topics.progress.name, way: words.choices.email });
  await page.getByLabel(progress).uncheck();
  await page.getByLabel(words.choices.reminder).selectOption({ label: words.choices.hours[3] });
  await button(page, words.choices.save).click();
  await see(page.getByText(words.choices.saved));
  expect(await page.getByLabel(progress).isChecked()).toBe(false);
});

it('lets whoever holds a letter stop more like it, signed in nowhere, without script', async () => {
  const { stop } = m.letters;
  const member = await arrive(await openWindow());
  await tell(member, 50);
  const [reader] = await sql<{ email: string }>('select email from members.members where id = $1', [member]);
  const letter = await letterTo(reader!.email, { subject: '50 classes' });
  const path = new URL(letter.links.find((link) => link.includes('/unsubscribe/'))!).pathname;
  const looking = await openWindow();
  await visit(looking, path);
  expect(await examine(looking)).toEqual([]);
  const page = await openWindow({ size: phone, script: false });
  await visit(page, path);
  const topic = words.topics.progress.name;
  await see(page.getByText(stop.wanted({ topic })));
  await button(page, stop.act).click();
  await see(page.getByText(stop.stopped));
  await see(page.getByText(stop.unwanted({ topic })));
  await button(page, stop.back).click();
  await see(page.getByText(stop.resumed));
  await button(page, stop.actAll).click();
  await see(page.getByText(stop.nothing));
});

it('lets a manager find a letter that got lost and send it again', async () => {
  const member = await arrive(await openWindow());
  await tell(member, 50);
  const [reader] = await sql<{ email: string }>('select email from members.members where id = $1', [member]);
  await letterTo(reader!.email, { subject: '50 classes' });
  const page = await openWindow();
  await visit(page, '/signin');
  await signInHere(page, await aColleague('manager'));
  await page.waitForURL('**/account');
  await visit(page, `/admin/members/${member}`);
  await link(page, m.letters.seeOf).click();
  await link(page, '50 classes').click();
  await see(page.frameLocator('iframe').getByRole('heading', { name: m.mail.progress.milestone.title }));
  await expect
    .poll(async () => (await page.reload(), button(page, m.letters.one.againAct).isVisible()))
    .toBe(true);
  await button(page, m.letters.one.againAct).click();
  await see(page.getByText(m.letters.one.againDone));
  await link(page, m.letters.one.againOf).click();
  await see(link(page, m.letters.one.againSee));
  await expect.poll(async () => (await lettersTo(reader!.email)).length).toBe(2);
});

it('is fit for everyone, with things new and read, on a phone and a desk', async () => {
  const page = await openWindow();
  const member = await arrive(page);
  await tell(member, 1);
  await sql('update messages.notifications set read_at = now() where member_id = $1', [member]);
  await tell(member, 2);
  for (const prefix of ['', '/es']) {
    await visit(page, `${prefix}/account/notifications`);
    expect(await examine(page)).toEqual([]);
    await visit(page, `${prefix}/account/notifications/choices`);
    expect(await examine(page)).toEqual([]);
  }
});
