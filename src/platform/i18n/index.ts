/**
 * Every sentence a person reads. English (`en/`) is the source; `es/` has its exact shape, so a message that is
 * missing in one language fails `npm run check`; `es-ar/` changes only what is said differently in Buenos Aires.
 * A message is a string, or a function of one object: `m.booking.seatsLeft({ count: 3 })`.
 */
import { en } from './en/index.ts';
import { es } from './es/index.ts';
import { esAr } from './es-ar/index.ts';
import { type DeepPartial, overlay } from './overlay.ts';
import type { Locale } from './locale.ts';

export * from './locale.ts';
export { plural } from './plural.ts';

export type Messages = typeof en;
export type MessagesPatch = DeepPartial<Messages>;

const all: Record<Locale, Messages> = { en, es, 'es-AR': overlay(es, esAr) };

export const messages = (locale: Locale): Messages => all[locale];
