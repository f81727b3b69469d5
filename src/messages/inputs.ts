/** What may be asked of notifications over HTTP. */
import { z } from 'zod';
import { page, readInstantAndId } from '#platform/cursors.ts';
import { allTicked } from '#platform/inputs.ts';
import { channels, reminderHours, topics } from './choices.ts';
import { letterKinds, letterStates } from './post/letters.ts';
import { wishes } from './post/stopping.ts';

export const noticesQuery = z.object(page);

/** None named: all of them. */
export const readInput = z.object({ ids: allTicked(z.guid()) });

const ticks = topics.flatMap((topic) => channels.map((channel) => `${topic}:${channel}`));

export const choicesInput = z.object({
  wanted: allTicked(z.enum(ticks)),
  /** The topics that were asked about: what is not ticked of these is not wanted, the others stay. */
  asked: allTicked(z.enum(topics)),
  reminder: z
    .enum(reminderHours)
    .transform(Number)
    .or(z.literal([0, 3, 24]))
    .nullable()
    .default(null),
});

/** The business's post: of one kind, state or member. */
export const lettersQuery = z.object({
  kind: z.enum(letterKinds).optional(),
  state: z.enum(letterStates).optional(),
  member_id: z.guid().optional(),
  limit: page.limit,
  cursor: z
    .string()
    .max(200)
    .optional()
    .transform((text) => readInstantAndId(text)),
});

export const settingsInput = z.object({
  reminder_hours: z
    .enum(reminderHours)
    .transform(Number)
    .or(z.literal([0, 3, 24])),
});

/** From the page behind a letter's link. */
export const stopInput = z.object({ token: z.string().max(200), wish: z.enum(wishes) });
