/** Going through every page in every state that `npm run shots` pictures. */
import { afterAll, inject, vi } from 'vitest';
import { openBooks, type Dealings, type Studio } from '../shots/studio.ts';
import type { Scene } from '../shots/scenes.ts';
import { crowd, type Somebody } from '../world.ts';
import { english, signInHere, type Voice } from './acts.ts';
import { openWindow, phone, visit } from './browsing.ts';
import { examine, scriptWeight, tooWide } from './examine.ts';

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

// Some thirty pages are read four ways, on a machine that does much else meanwhile.
vi.setConfig({ testTimeout: 300_000 });

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
  const page = await openWindow({ size: phone, ...(reading.site ? { site: reading.site } : {}) });
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
