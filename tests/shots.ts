// `npm run shots [-- member-en/order]`: a picture of every page in every state, 390 and 1440 px wide, light and dark,
// for everyone who sees it, on contact sheets in .local/shots. With a pattern, only what `<who>-<language>/<page>` matches.
import './localhost.ts';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../local/parts/root.ts';
import { openScratch, wipe } from '../local/prepare/studio.ts';
import { onStop } from '../local/process/signals.ts';
import { startSteps } from '../local/process/steps.ts';
import { startStack, type Stack } from '../local/stack.ts';
import { findChromium, installChromium } from './chromium.ts';
import { shootView, type Shot } from './shots/camera.ts';
import { deskScenes } from './shots/desk-scenes.ts';
import { askForLinks, letterScenes } from './shots/letters.ts';
import { makeSheets, writeIndex } from './shots/sheets.ts';
import {
  directoryScenes,
  ownScenes,
  passScenes,
  postScenes,
  unsignedScenes,
} from './shots/members-scenes.ts';
import { openBooks } from './shots/studio.ts';
import { memberScenes, ownerScenes, staffScenes, visitorScenes, type View } from './shots/scenes.ts';
import { menuScenes, stockScenes } from './shots/stock-scenes.ts';

const wanted = new RegExp(process.argv[2] ?? '');
const folder = join(root, '.local/shots');
const lotus = '10000000-0000-4000-8000-000000000001';
const barberia = '10000000-0000-4000-8000-000000000002';

const steps = startSteps();
const scratch = await openScratch();
const giveUp = new AbortController();
const end = async () => {
  giveUp.abort();
  await (await starting.catch(() => null))?.stop();
  await wipe(scratch.dir);
  scratch.release();
};
onStop(end, 130);

const starting = startStack({
  dir: scratch.dir,
  durable: false,
  settings: { TRUST_PROXY: '1', RATE_LIMIT_SCALE: '1000', MAIL_PER_SECOND: '1000' },
  signal: giveUp.signal,
  steps,
  log: (line) => steps.say(line),
});

async function viewsOf(databaseUrl: string): Promise<View[]> {
  const books = openBooks(databaseUrl);
  try {
    const [studio, shop] = [await books.studioOf(lotus), await books.studioOf(barberia)];
    const dealings = async (business: string, email: string) =>
      books.dealingsOf(business, await books.personOf(email));
    const ada = await dealings(lotus, 'ada@example.test');
    const bruno = await dealings(lotus, 'bruno@example.test');
    const julian = await dealings(barberia, 'cliente@sur.test');
    const [member, child] = await books.familyOf(lotus, 'ada@example.test');
    const post = postScenes(member, await books.letterOf(lotus, member));
    const holder = await books.passOf(lotus);
    const desk = deskScenes(await books.deskOf(lotus));
    const view = (
      name: string,
      email: string | null,
      scenes: View['scenes'],
      place: Pick<View, 'business' | 'prefix'> = { business: 'lotus', prefix: '' },
    ): View => ({ name, email, scenes, ...place });
    const spanish = { business: 'lotus', prefix: '/es' } as const;
    const south = { business: 'barberia', prefix: '' } as const;
    return [
      view('member-en', 'ada@example.test', memberScenes(studio, ada)),
      view('visitor-en', null, visitorScenes(studio)),
      view('member-es', 'bruno@example.test', memberScenes(studio, bruno), spanish),
      view('visitor-es', null, visitorScenes(studio), spanish),
      view('member-sur', 'cliente@sur.test', memberScenes(shop, julian), south),
      view('visitor-sur', null, visitorScenes(shop), south),
      view('staff-en', 'manager@lotus.test', staffScenes(ada)),
      view('stock-en', 'manager@lotus.test', [...stockScenes, ...menuScenes]),
      view('staff-es', 'manager@lotus.test', staffScenes(bruno), spanish),
      view('people-en', 'ada@example.test', ownScenes(child)),
      view('people-es', 'ada@example.test', ownScenes(child), spanish),
      view('unsigned-en', 'bruno@example.test', unsignedScenes()),
      view('directory-en', 'manager@lotus.test', [...directoryScenes(member), ...post]),
      view('desk-en', 'frontdesk@lotus.test', desk),
      view('desk-es', 'frontdesk@lotus.test', desk, spanish),
      view('pass-en', holder.email, passScenes(holder.pass)),
      view('directory-es', 'manager@lotus.test', [...directoryScenes(member), ...post], spanish),
      view('owner-en', 'owner@lotus.test', ownerScenes()),
      view('owner-es', 'owner@lotus.test', ownerScenes(), spanish),
      view('owner-sur', 'owner@sur.test', ownerScenes(), south),
    ];
  } finally {
    await books.close();
  }
}

async function lettersOf(stack: Stack): Promise<View[]> {
  const readers = [
    { name: 'letters-en', email: 'ada@example.test', site: stack.siteUrl, business: 'lotus' },
    { name: 'letters-es', email: 'bruno@example.test', site: stack.siteUrl, business: 'lotus' },
    { name: 'letters-sur', email: 'cliente@sur.test', site: stack.barberiaUrl, business: 'barberia' },
  ] as const;
  return Promise.all(
    readers.map(async ({ name, email, site, business }) => {
      if (!wanted.test(name)) return { name, business, email: null, prefix: '' as const, scenes: [] };
      await askForLinks(site, email);
      // Four confirmations, one cancellation, two links.
      const scenes = await letterScenes(stack.mail.url, email, 7);
      return { name, business, email: null, prefix: '' as const, scenes };
    }),
  );
}

const chosen = (views: View[]): View[] =>
  views
    .map((view) => ({
      ...view,
      scenes: view.scenes.filter(({ name }) => wanted.test(`${view.name}/${name}`)),
    }))
    .filter(({ scenes }) => scenes.length > 0);

try {
  const stack = await starting;
  const executablePath = (await findChromium()) ?? (await installChromium());
  const views = chosen(await steps.step('orders in every state', () => viewsOf(stack.supabase.databaseUrl)));
  const browser = await chromium.launch({ executablePath });
  try {
    if (!process.argv[2]) await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const shots: Shot[] = [];
    let number = 0;
    const take = async (waiting: View[]): Promise<void> => {
      for (let view = waiting.shift(); view; view = waiting.shift()) {
        const of = view;
        const site = of.business === 'lotus' ? stack.siteUrl : stack.barberiaUrl;
        const task = { view: of, folder, number: number++ };
        const text = `${of.name}: ${of.scenes.length} pages`;
        shots.push(...(await steps.step(text, () => shootView(browser, site, task))));
      }
    };
    const takeAll = (waiting: View[]) => Promise.all([take(waiting), take(waiting)]);
    await takeAll(views);
    await takeAll(chosen(await lettersOf(stack)));
    await steps.step('contact sheets', () => makeSheets(browser, folder, shots));
    await writeIndex(folder, shots);
    const remarks = new Set(
      shots.flatMap(({ view, scene, width, remarks: of }) =>
        of.map((text) => `${view}/${scene} ${width}: ${text}`),
      ),
    );
    for (const remark of remarks) steps.tell('bad', remark);
    steps.say(`${shots.length} pictures: ${join(folder, 'index.html')}`);
  } finally {
    await browser.close();
  }
} finally {
  await end();
}
process.exit(0);
