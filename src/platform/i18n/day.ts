/** A calendar day within a sentence. */
import { formatCalendarDay } from '../clock.ts';
import type { Locale } from './locale.ts';

/** `2026-12-01` as "1 December". */
export const day = (locale: Locale, text: string): string =>
  formatCalendarDay(text, locale, { day: 'numeric', month: 'long' });
