/** What is sent about those who teach. Forms send days, clock times and ticks; programs may send the same. */
import { z } from 'zod';
import { readDay } from '#platform/clock.ts';

/** Ticks of one name: none, one text, or a list. */
export const ids = z
  .preprocess(
    (sent) => (sent === undefined || sent === '' ? [] : Array.isArray(sent) ? sent : [sent]),
    z.array(z.guid()).max(500),
  )
  .default([]);

/** A tick: there or not. Programs may send true and false. */
export const tick = z
  .union([z.boolean(), z.enum(['yes', 'true', 'false', ''])])
  .default(false)
  .transform((sent) => sent === true || sent === 'yes' || sent === 'true');

const text = (most: number) => z.string().trim().max(most).default('');
export const reason = text(500);

/** A choice that may be left empty. */
export const maybeId = z
  .union([z.guid(), z.literal('')])
  .nullish()
  .transform((id) => id || null);

export const day = z.string().refine((sent) => readDay(sent) !== null);
const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d(?::00)?$/);

export const profile = z.object({
  name: z.string().trim().min(1).max(120),
  slug: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]{2,60}$/, { error: 'page_address' })
    .or(z.literal(''))
    .default(''),
  title_en: text(120),
  title_es: text(120),
  bio_en: text(2000),
  bio_es: text(2000),
  picture: z
    .string()
    .regex(/^(?:portrait\/[a-z0-9-]{1,40})?$/)
    .default(''),
  user_id: maybeId,
  published: tick,
});
export type ProfileInput = z.output<typeof profile>;

/** `from` and `until` are days, both included; with times of day they begin and end there. */
export const timeOff = z
  .object({
    from: day,
    until: day,
    from_time: clock.or(z.literal('')).default(''),
    until_time: clock.or(z.literal('')).default(''),
    reason,
  })
  .refine(
    ({ from, until, from_time, until_time }) =>
      from < until || (from === until && (!from_time || !until_time || from_time < until_time)),
    { path: ['until'], error: 'backwards' },
  );
export type TimeOffInput = z.output<typeof timeOff>;

export const decision = z.object({
  id: z.string().max(64),
  decision: z.enum(['yes', 'no']),
  answer: reason,
  ask: tick,
});

const stretch = z.object({ weekday: z.number().int().min(1).max(7), from: clock, until: clock });
export type Stretch = z.output<typeof stretch>;

const weekdays = [1, 2, 3, 4, 5, 6, 7];
/** How many stretches of a day the form has room for. */
export const stretchesADay = 2;
export const fieldOf = (end: 'from' | 'until', weekday: number, nth: number): string =>
  `${end}_${weekday}_${nth}`;

/**
 * Weekly hours: `hours: [{ weekday, from, until }]`, or a form's fields `from_1_1`, `until_1_1` … (Monday's first
 * stretch). Midnight as an end is the day's own end.
 */
export const hours = z
  .looseObject({ id: z.string().max(64), hours: z.array(stretch).max(50).optional() })
  .transform((sent, context) => {
    if (sent.hours) return { id: sent.id, hours: sent.hours.map(untilMidnight) };
    const found: Stretch[] = [];
    for (const weekday of weekdays) {
      for (let nth = 1; nth <= stretchesADay; nth++) {
        const from = sent[fieldOf('from', weekday, nth)] ?? '';
        const until = sent[fieldOf('until', weekday, nth)] ?? '';
        if (from === '' && until === '') continue;
        const read = stretch.safeParse({ weekday, from, until });
        if (read.success && (read.data.from < read.data.until || read.data.until.startsWith('00:00'))) {
          found.push(untilMidnight(read.data));
        } else {
          context.addIssue({
            code: 'custom',
            path: [fieldOf('until', weekday, nth)],
            message: 'backwards',
          });
        }
      }
    }
    return { id: sent.id, hours: found };
  });

const untilMidnight = (one: Stretch): Stretch => ({
  ...one,
  until: one.until.startsWith('00:00') ? '24:00' : one.until,
});

export const askInput = z.object({ session_id: z.guid(), reason });
export const assignInput = z.object({ session_id: z.guid(), instructor_id: z.guid() });
export const rulesInput = z.object({
  head_start_hours: z.coerce.number().int().min(0).max(240),
  short_head_start_hours: z.coerce.number().int().min(0).max(36),
  needs_approval: tick,
});
