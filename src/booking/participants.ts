/**
 * Whom seats are for. A program sends `participants: [{ person_id } | { guest_name }]`; a form repeats the fields
 * `person_id` and `guest_name`, of which those left empty count for nobody. `me` is the asker, whoever that turns out to be.
 */
import { z } from 'zod';
import type { Json } from '#platform/database.types.ts';

export interface Participant {
  person_id?: string;
  guest_name?: string;
}

const most = 20;
const person = z.literal('me').or(z.guid());
const guest = z.string().trim().max(120);
/** A form sends one value as text and several as a list. */
const list = (of: z.ZodType<string>) =>
  z
    .array(of)
    .max(most)
    .or(of.transform((one) => [one]));

export const forWhom = {
  participants: z
    .array(z.object({ person_id: person }).or(z.object({ guest_name: guest.min(1) })))
    .min(1)
    .max(most)
    .optional(),
  person_id: list(person).optional(),
  guest_name: list(guest).optional(),
};

interface Asked {
  participants?: ({ person_id: string } | { guest_name: string })[] | undefined;
  person_id?: string[] | undefined;
  guest_name?: string[] | undefined;
}

/** Null where nobody was named: then it is the asker. An empty list where a form named nobody at all. */
export function participantsOf({ participants, person_id, guest_name }: Asked): Json | null {
  const asked: Participant[] | null =
    participants ??
    (person_id || guest_name
      ? [
          ...(person_id ?? []).map((id) => ({ person_id: id })),
          ...(guest_name ?? []).filter(Boolean).map((name) => ({ guest_name: name })),
        ]
      : null);
  return asked && asked.map((one) => (one.person_id === 'me' ? {} : { ...one }));
}
