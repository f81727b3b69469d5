/**
 * A new calendar's address on its way to the page that shows it, once: within the request that made it, so that it is
 * in no cookie, no address and no log.
 */
import type { MadeFeed } from './feeds.ts';

const made = new WeakMap<App.Locals, MadeFeed>();

export const showOnce = (locals: App.Locals, feed: MadeFeed): void => void made.set(locals, feed);
export const madeJustNow = (locals: App.Locals): MadeFeed | undefined => made.get(locals);
