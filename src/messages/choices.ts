/** How a member wants to be told of what. */
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export const topics = ['bookings', 'orders', 'waitlist', 'reminders', 'plans', 'progress', 'work'] as const;
export type Topic = (typeof topics)[number];
export const channels = ['in_app', 'email'] as const;
export type Channel = (typeof channels)[number];
/** Hours before a class; 24 is the day before at the same time on the clock, 0 never. */
export const reminderHours = ['24', '3', '0'] as const;

export interface Choice {
  topic: Topic;
  in_app: boolean;
  email: boolean;
  /** How many kinds of it are e-mailed in any case. */
  essential: number;
  kinds: number;
  /** The same in every row: when they are reminded of a class. */
  reminder_hours: number;
  /** The same in every row: whether they agree to be e-mailed at all. */
  agreed: boolean;
}

export const myChoices = async (db: Db, businessId: string): Promise<Choice[]> =>
  readAnswer(await db.rpc('my_choices', { business_id: businessId }, { get: true })) as Choice[];

/** `wanted` names what is ticked, as topic:channel, of the topics in `asked`. Refuses 422 `choice_invalid`. */
export async function setChoices(
  db: Db,
  businessId: string,
  { wanted, asked, reminder }: { wanted: string[]; asked: Topic[]; reminder: number | null },
): Promise<Choice[] | Refusal> {
  const choices = asked.flatMap((topic) =>
    channels.map((channel) => ({ topic, channel, wanted: wanted.includes(`${topic}:${channel}`) })),
  );
  const refused = answer(
    await db.rpc('set_choices', {
      business_id: businessId,
      choices,
      ...(reminder === null ? {} : { reminder_hours: reminder }),
    }),
  );
  return isRefused(refused) ? refused : myChoices(db, businessId);
}
