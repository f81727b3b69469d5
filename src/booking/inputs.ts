/** What may be asked of bookings and the timetable over HTTP. */
import { z } from 'zod';
import { readDay, startOfDay } from '#platform/clock.ts';
import { page } from '#platform/cursors.ts';
import { levels } from './classes.ts';
import { forWhom } from './participants.ts';

const slug = z.string().regex(/^[a-z0-9-]{1,60}$/);
/** An ISO instant within sane years, or a calendar day, which is read in the business's zone by `instantIn`. */
const moment = z.iso
  .datetime({ offset: true })
  .refine((text) => Math.abs(Date.parse(text) - Date.now()) < 10 * 366 * 86_400_000)
  .or(z.string().refine((text) => readDay(text) !== null));

/** The instant a `moment` names: itself, or the day's first one in the zone. */
export const instantIn = (text: string, zone: string): string => {
  const day = readDay(text);
  return day ? startOfDay(day, zone).toString() : new Date(text).toISOString();
};

export const timetableQuery = z.object({
  from: moment.optional(),
  until: moment.optional(),
  style: slug.optional(),
  level: z.enum(levels).optional(),
  instructor: slug.optional(),
  class: slug.optional(),
  ...page,
});

export const bookingsQuery = z.object({
  when: z.enum(['upcoming', 'past']).default('upcoming'),
  ...page,
});

/** How a seat is paid: `auto` is a pass that pays, else a card. */
const payWith = z.enum(['auto', 'pass', 'card', 'wallet']).default('auto');
/** An id, or nothing: a form sends its empty choice as empty text. */
const maybeId = z
  .guid()
  .or(z.literal('').transform(() => undefined))
  .optional();

export const bookingInput = z.object({
  session_id: z.guid(),
  pay_with: payWith,
  pass_id: maybeId,
  ...forWhom,
});

/** `pass:<id>` is how a form's one choice names a pass. */
const wayToPay = payWith
  .removeDefault()
  .transform((pay_with) => ({ pay_with, pass_id: undefined as string | undefined }))
  .or(
    z
      .string()
      .regex(/^pass:[0-9a-f-]{36}$/i)
      .transform((text) => ({ pay_with: 'pass' as const, pass_id: text.slice(5) as string | undefined })),
  );
export const waitInput = z.object({
  session_id: z.guid(),
  pay_with: wayToPay.default({ pay_with: 'auto', pass_id: undefined }),
  pass_id: maybeId,
  person_id: maybeId,
  /** The asker's other places in line, of which with this one only one may come true. */
  only_one_with: z
    .array(z.guid())
    .max(20)
    .or(z.guid().transform((id) => [id]))
    .optional(),
});
export const answerInput = z.object({
  id: z.string().max(64),
  accept: z.boolean().or(z.stringbool()),
  pay_with: payWith,
});
export const idParam = z.object({ id: z.string().max(64) });
export const slugParam = z.object({ slug: z.string().max(80) });
