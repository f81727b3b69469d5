/** What may be asked of notifications over HTTP. */
import { z } from 'zod';
import { page } from '#booking/inputs.ts';
import { ticked } from '#members/inputs.ts';
import { channels, reminderHours, topics } from './choices.ts';

export const noticesQuery = z.object(page);

/** None named: all of them. */
export const readInput = z.object({ ids: ticked(z.guid()) });

const ticks = topics.flatMap((topic) => channels.map((channel) => `${topic}:${channel}`));

export const choicesInput = z.object({
  wanted: ticked(z.enum(ticks)),
  /** The topics that were asked about: what is not ticked of these is not wanted, the others stay. */
  asked: ticked(z.enum(topics)),
  reminder: z
    .enum(reminderHours)
    .transform(Number)
    .or(z.literal([0, 3, 24]))
    .nullable()
    .default(null),
});
