/** That reading a page finds what is wrong with it, though it reads nothing twice: pages broken on purpose. */
import { expect, inject, it } from 'vitest';
import { openWindow, visit } from './browsing.ts';
import { examine } from './examine.ts';

interface Sheet {
  main: string;
  css?: string;
  head?: string;
}

const style = `
  :root { color-scheme: light dark; color: #222; background: #fff }
  a { color: #0645ad }
  @media (prefers-color-scheme: dark) { :root { color: #eee; background: #111 } a { color: #9cf } }
  .desk { display: none }
  @media (width > 800px) { .desk { display: block } .phone { display: none } }`;
const written = ({ main, css = '', head = '<a href="/">Home</a>' }: Sheet) => `<!doctype html>
  <html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
  <style>${style}${css}</style></head>
  <body><header>${head}</header><main><h1>A page</h1><p>Words that can be read</p>${main}</main></body></html>`;

/** Reads the sheets one after another in one window; answers what is wrong with each. */
async function readAll(...sheets: Sheet[]): Promise<string[][]> {
  const page = await openWindow();
  const found: string[][] = [];
  for (const sheet of sheets) {
    await page.route('**/broken/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: written(sheet) }),
    );
    await visit(page, `${inject('stack').siteUrl}/broken/${found.length}`);
    found.push(await examine(page));
    await page.unroute('**/broken/*');
  }
  return found;
}

const sound: Sheet = { main: '<p>Nothing is wrong here.</p>' };
const rows = (last: string) => ({
  main: `<ul>${'<li>Yoga <label>Name <input></label></li>'.repeat(4)}<li>Yoga ${last}</li></ul>`,
});

it('finds nothing where nothing is wrong, however often', async () => {
  expect(await readAll(sound, rows('<label>Name <input></label>'), sound)).toEqual([[], [], []]);
});

it.each<[what: string, sheet: Sheet, where: string]>([
  ['a field without a label', { main: '<input>' }, 'light, 390 px: label'],
  ['one among rows that are alike', rows('<input>'), 'light, 390 px: label'],
  ['a link without words in the frame', { ...sound, head: '<a href="/"></a>' }, 'light, 390 px: link-name'],
  [
    'a link without words on desks only',
    { main: '<a class="desk" href="/x"></a>' },
    'dark, 1280 px: link-name',
  ],
  [
    'a button that loses its words on desks',
    { main: '<button><span class="phone">Send</span></button>' },
    'dark, 1280 px: button-name',
  ],
  ['a picture without words', { main: '<img src="data:,">' }, 'light, 390 px: image-alt'],
  [
    'pale words',
    {
      main: '<p style="color:#999">Pale</p>',
      css: '@media (prefers-color-scheme: dark) { p { color: #eee!important } }',
    },
    'light, 390 px: color-contrast',
  ],
  [
    'words that are dark in the dark, in a frame that was read',
    { main: '<p class="x">Dark</p>', css: '@media (prefers-color-scheme: dark) { .x { color: #444 } }' },
    'dark, 390 px: color-contrast',
  ],
  [
    'words that are pale on desks only',
    {
      main: '<p class="x">Pale</p>',
      css: '@media (width > 800px) and (prefers-color-scheme: light) { .x { color: #bbb } }',
    },
    'light, 1280 px: color-contrast',
  ],
  [
    'words that are dark on desks in the dark only',
    {
      main: '<p class="x">Dark</p>',
      css: '@media (width > 800px) and (prefers-color-scheme: dark) { .x { color: #333 } }',
    },
    'dark, 1280 px: color-contrast',
  ],
  [
    'words that look like others and have another ground behind them',
    {
      main: '<p>Words that can be read</p><div style="position:relative"><b style="position:absolute;inset:0;background:#777"></b><p style="position:relative">Words that can be read</p></div>',
    },
    'light, 390 px: color-contrast',
  ],
  [
    'a pale word that looks like a pale letter',
    { main: '<p><b style="color:#aaa">x</b> <b style="color:#aaa">word</b></p>' },
    'light, 390 px: color-contrast',
  ],
  [
    'a link among words that only its colour tells apart, in the dark',
    {
      main: '<p>Some words <a class="x" href="/x">a link</a> more words</p>',
      css: '@media (prefers-color-scheme: dark) { .x { text-decoration: none; color: #ddd } }',
    },
    'dark, 390 px: link-in-text-block',
  ],
  [
    'what is too small to be hit with a thumb, on desks only',
    {
      main: '<button class="x">a</button><button class="x">b</button>',
      css: 'button { width: 3rem; height: 3rem } @media (width > 800px) { .x { width: 10px; height: 10px; padding: 0; border: 0; font-size: 8px } }',
    },
    'dark, 1280 px: target-size',
  ],
  ['what does not fit a phone', { main: '<p style="width:500px">Long</p>' }, 'px too wide'],
])('finds %s, on the first page and on a later one', async (_, sheet, where) => {
  const [first, calm, later] = await readAll(sheet, sound, sheet);
  expect(calm).toEqual([]);
  for (const found of [first, later]) expect(found?.join('\n')).toContain(where);
});
