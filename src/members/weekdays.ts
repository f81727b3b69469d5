/** Days of the week as people say them. */
import { formatCalendarDay } from '#platform/clock.ts';
import type { Locale } from '#platform/i18n/locale.ts';

/** 1 = Monday. */
export const weekdayName = (
  weekday: number,
  locale: Locale,
  weekdayStyle: 'long' | 'short' | 'narrow' = 'long',
) =>
  // 1 January 2024 was a Monday.
  formatCalendarDay(`2024-01-0${weekday}`, locale, { weekday: weekdayStyle });
