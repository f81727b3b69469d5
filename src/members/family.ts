/** Whom a member books for: themselves, and the people on their account who have none of their own. */
import { type Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';

export interface Person {
  person_id: string;
  name: string;
  is_me: boolean;
  /** Calendar day, if they told us. */
  birthday: string | null;
}

export interface PersonInput {
  name: string;
  birthday: string | null;
}

/** The member first, then their dependants in the order they were added. */
export const myPeople = async (db: Db, businessId: string): Promise<Person[]> =>
  readAnswer(await db.rpc('my_people', { business_id: businessId }, { get: true })) as Person[];

const facts = ({ name, birthday }: PersonInput) => ({ full_name: name, ...(birthday ? { birthday } : {}) });

/** Refuses 409 `too_many_people`, `person_named_twice`, 422 `name_invalid`, `birthday_invalid`. */
export async function addPerson(
  db: Db,
  businessId: string,
  input: PersonInput,
): Promise<{ person_id: string } | Refusal> {
  const id = answer(await db.rpc('add_dependant', { business_id: businessId, ...facts(input) }));
  return isRefused(id) ? id : { person_id: id };
}

/** Refuses 404 `person_not_found`, 409 `person_named_twice`, 422 `name_invalid`, `birthday_invalid`. */
export async function updatePerson(
  db: Db,
  businessId: string,
  personId: string,
  input: PersonInput,
): Promise<{ person_id: string } | Refusal> {
  const asked = { business_id: businessId, person_id: personId, ...facts(input) };
  const id = answer(await db.rpc('update_dependant', asked));
  return isRefused(id) ? id : { person_id: id };
}

/** Gone, or archived when they leave bookings behind. Refuses 404 `person_not_found`, 409 `person_has_bookings`. */
export async function removePerson(
  db: Db,
  businessId: string,
  personId: string,
): Promise<{ outcome: 'removed' | 'archived' } | Refusal> {
  const outcome = answer(await db.rpc('remove_dependant', { business_id: businessId, person_id: personId }));
  return isRefused(outcome) ? outcome : { outcome: outcome as 'removed' | 'archived' };
}
