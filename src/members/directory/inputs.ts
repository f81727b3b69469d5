/** What the team asks about members. */
import { z } from 'zod';
import { readInstantAndId } from '#platform/cursors.ts';

const count = (least: number, most: number, usual: number) =>
  z.coerce.number().int().min(least).max(most).default(usual);

export const listQuery = z.object({
  q: z.string().max(120).default(''),
  cursor: z.string().max(600).optional(),
  limit: count(1, 200, 50),
});

export const riskQuery = z.object({
  days: count(1, 365, 21),
  visits: count(1, 1000, 3),
  cursor: z
    .string()
    .max(200)
    .optional()
    .transform((text) => readInstantAndId(text)),
  limit: count(1, 200, 50),
  format: z.enum(['json', 'csv']).default('json'),
});

export const noteInput = z.object({
  id: z.guid(),
  body: z.string().trim().min(1).max(2000),
  pinned: z
    .union([z.literal('yes'), z.boolean()])
    .default(false)
    .transform((sent) => sent !== false),
});
