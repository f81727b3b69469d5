/** Every page in every state that `npm run shots` pictures: fit for everyone, light to load, nothing wrong in the console. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openBooks, type Dealings, type Studio } from '../shots/studio.ts';
import { memberScenes, ownerScenes, staffScenes, visitorScenes, type Scene } from '../shots/scenes.ts';
import { barberia, crowd, lotus, people, type Somebody } from '../world.ts';
import { porteño, signInHere, spanish, type Voice } from './acts.ts';
import { openWindow, phone, visit, type Wish } from './browsing.ts';
import { examine, scriptWeight } from './examine.ts';

const { databaseUrl, barberiaUrl } = inject('stack');

/** The most script a customer's page may bring, compressed. */
const mostScript = 30 * 1024;

const books = openBooks(databaseUrl);
afterAll(() => books.close());

interface Place {
  studio: Studio;
  member: Somebody;
  dealings: Dealings;
}

async function arrange(business: string): Promise<Place> {
  const [member] = await crowd(1, 'reader');
  if (!member) throw new Error('Nobody came');
  return {
    member,
    studio: await books.studioOf(business),
    dealings: await books.dealingsOf(business, member.id),
  };
}

let here: Place;
let south: Place;
beforeAll(async () => {
  here = await arrange(lotus);
  south = await arrange(barberia);
});

/** Goes through the scenes as one person; answers all that is wrong, and the heaviest page. */
async function goThrough(
  scenes: Scene[],
  who: Pick<Somebody, 'email'> | null,
  voice?: Voice,
  wish: Wish = {},
) {
  const page = await openWindow({ size: phone, ...wish });
  if (who) {
    await visit(page, `${voice?.prefix ?? ''}/signin`);
    await signInHere(page, who, voice);
    await page.waitForURL('**/account');
  }
  const wrong: string[] = [];
  const weights: Record<string, number> = {};
  for (const { name, path, act } of scenes) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await visit(page, `${voice?.prefix ?? ''}${path}`);
    await act?.(page);
    wrong.push(...(await examine(page)).map((what) => `${name}: ${what}`));
    weights[name] = await scriptWeight(page);
  }
  return { wrong, weights };
}

const tooHeavy = (weights: Record<string, number>) =>
  Object.entries(weights).filter(([, weight]) => weight > mostScript);

it('is fit for everyone on every page a visitor sees', async () => {
  const { wrong, weights } = await goThrough(visitorScenes(here.studio), null);
  expect(wrong).toEqual([]);
  expect(tooHeavy(weights)).toEqual([]);
});

it('is fit for everyone on every page a member sees', async () => {
  const { wrong, weights } = await goThrough(memberScenes(here.studio, here.dealings), here.member);
  expect(wrong).toEqual([]);
  expect(tooHeavy(weights)).toEqual([]);
});

it('is fit for everyone on every page of staff and owner', async () => {
  const staff = await goThrough(staffScenes(here.dealings), people.manager);
  const owner = await goThrough(ownerScenes(), people.owner);
  expect([...staff.wrong, ...owner.wrong]).toEqual([]);
});

it('is fit for everyone in Spanish, where words are longer', async () => {
  const { wrong } = await goThrough(visitorScenes(here.studio), null, spanish);
  expect(wrong).toEqual([]);
});

it('is fit for everyone in Barbería Sur’s colours', async () => {
  const visitor = await goThrough(visitorScenes(south.studio), null, porteño, { site: barberiaUrl });
  const member = await goThrough(memberScenes(south.studio, south.dealings), south.member, porteño, {
    site: barberiaUrl,
  });
  expect([...visitor.wrong, ...member.wrong]).toEqual([]);
});
