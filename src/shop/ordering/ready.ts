/** When the bar has it ready, in words: the hour alone for today, with the day for any other. */
import { dayOf, formatMoment, formatTime, today } from '#platform/clock.ts';

export function readyWords(
  at: string,
  { m, locale, business }: Pick<App.Locals, 'm' | 'locale' | 'business'>,
): string {
  const zone = business.time_zone;
  return dayOf(at, zone) === today(zone)
    ? m.shop.handover.ready({ time: formatTime(at, zone, locale) })
    : m.shop.handover.readyAt({ moment: formatMoment(at, zone, locale) });
}
