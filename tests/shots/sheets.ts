/** Contact sheets and an index of the pictures, laid out by the browser that took them. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import type { Shot } from './camera.ts';

/** In CSS pixels: how wide a picture stands on its sheet, and what is cut off below. */
const thumbs = { 390: { width: 260, height: 720 }, 1440: { width: 520, height: 720 } };
const sheetWidth = 2160;

const escape = (text: string) =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign,
  );

const styles = `body { margin: 0; padding: 24px; font: 15px/1.3 system-ui, sans-serif; background: #8a8a86; color: #111; }
  h1 { margin: 0 0 16px; } h2 { margin: 32px 0 8px; } .sheet { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
  figure { margin: 0; background: #fff; padding: 6px; } figcaption { padding: 4px 2px; font-weight: 600; } em { color: #b00020; font-weight: 400; }
  .frame { overflow: hidden; } img { display: block; width: 100%; } ul { columns: 3; }`;

const page = (title: string, body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title><style>${styles}</style><h1>${escape(title)}</h1>${body}</html>`;

const figure = ({ scene, file, width, remarks }: Shot) =>
  `<figure style="width: ${thumbs[width].width}px"><figcaption>${escape(scene)} ${remarks.map((remark) => `<em>${escape(remark)}</em>`).join(' ')}</figcaption>
   <a href="${file}"><div class="frame" style="max-height: ${thumbs[width].height}px"><img src="${file}" alt=""></div></a></figure>`;

/** `<folder>/<view>-<theme>-<width>.png` for each of them. */
export async function makeSheets(browser: Browser, folder: string, shots: Shot[]): Promise<void> {
  const waiting = [...Map.groupBy(shots, ({ view, theme, width }) => `${view}-${theme}-${width}`)];
  const context = await browser.newContext({ viewport: { width: sheetWidth, height: 1000 } });
  const work = async () => {
    const sheet = await context.newPage();
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, of] = next;
      const html = join(folder, `.${name}.html`);
      await writeFile(
        html,
        page(name, `<div class="sheet">${of.map((shot) => figure(shot)).join('')}</div>`),
      );
      await sheet.goto(pathToFileURL(html).href);
      await sheet.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      await rm(html);
    }
  };
  await Promise.all([work(), work()]);
  await context.close();
}

export async function writeIndex(folder: string, shots: Shot[]): Promise<void> {
  const groups = Map.groupBy(shots, ({ view, theme, width }) => `${view}-${theme}-${width}`);
  const list = [...groups.keys()].map(
    (name) => `<li><a href="#${name}">${name}</a> (<a href="${name}.png">sheet</a>)</li>`,
  );
  const parts = [...groups].map(
    ([name, of]) =>
      `<h2 id="${name}">${name}</h2><div class="sheet">${of.map((shot) => figure(shot)).join('')}</div>`,
  );
  await writeFile(
    join(folder, 'index.html'),
    page('Atrium, page by page', `<ul>${list.join('')}</ul>${parts.join('')}`),
  );
}
