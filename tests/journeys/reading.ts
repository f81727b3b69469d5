/** Going through every page in every state that `npm run shots` pictures. */
import axe from 'axe-core';
import { afterAll, inject, vi } from 'vitest';
import { openBooks, type Dealings, type Studio } from '../shots/studio.ts';
import type { Scene } from '../shots/scenes.ts';
import { crowd, type Somebody } from '../world.ts';
import { english, signInHere, type Voice } from './acts.ts';
import { openWindow, phone, visit } from './browsing.ts';
import { examine } from './examine.ts';
import { scriptWeight, tooWide } from './measures.ts';

const books = openBooks(inject('stack').databaseUrl);
afterAll(() => books.close());

export interface Place {
  studio: Studio;
  /** Whose orders stand in every state. */
  member: Somebody;
  dealings: Dealings;
}

export async function arrange(business: string): Promise<Place> {
  const [member] = await crowd(1, 'reader');
  if (!member) throw new Error('Nobody came');
  const studio = await books.studioOf(business);
  return { member, studio, dealings: await books.dealingsOf(business, member.id) };
}

/** The most script that a customer's page may bring, in bytes, compressed. */
const mostScript = 30 * 1024;

/** More pages are another test's: a test that reads them all ends in its time on a slow machine too. */
const mostPages = 14;
/** Half a minute a page, nearly. Idle machines take a second. */
vi.setConfig({ testTimeout: mostPages * 25_000 });

/** One of so many parts of the scenes, in their order: what an earlier one did stays done. */
export const share = (scenes: Scene[], part: number, of: number): Scene[] => {
  const size = Math.ceil(scenes.length / of);
  return scenes.slice((part - 1) * size, part * size);
};

export interface Reading {
  scenes: Scene[];
  /** Nobody is signed in when null. */
  who?: Pick<Somebody, 'email'> | null;
  voice?: Voice;
  site?: string;
  /** Only looks at whether the page fits the screen. */
  widthOnly?: boolean;
}

/** Reads the scenes as one person; answers all that is wrong. */
export async function readThrough(reading: Reading): Promise<string[]> {
  const { scenes, who = null, voice = english, widthOnly = false } = reading;
  if (scenes.length > mostPages) throw new Error(`Read these ${scenes.length} pages in more parts`);
  const page = await openWindow({ size: phone, ...(reading.site ? { site: reading.site } : {}) });
  if (!widthOnly) await page.addInitScript(axe.source);
  if (who) {
    await visit(page, `${voice.prefix}/signin`);
    await signInHere(page, who, voice);
    await page.waitForURL(`**${voice.prefix}/account`);
  }
  const wrong: string[] = [];
  for (const { name, path, act } of scenes) {
    await page.setViewportSize(phone);
    await visit(page, `${voice.prefix}${path}`);
    await act?.(page);
    const found = widthOnly ? await tooWide(page) : await examine(page);
    wrong.push(...found.map((what) => `${name}: ${what}`));
    const weight = await scriptWeight(page);
    if (weight > mostScript) wrong.push(`${name}: ${weight} bytes of script`);
  }
  return wrong;
}
