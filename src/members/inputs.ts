/** What people send about themselves. */
import { z } from 'zod';
import { readDay } from '#platform/clock.ts';
import { ownPath } from '#platform/http/origin.ts';
import { ticked } from '#platform/inputs.ts';
import { passwordProblem } from './password-rules.ts';

export const personName = z.string().trim().min(1).max(120);

export const phone = z
  .string()
  .trim()
  .max(40)
  .regex(/^[+\d\s().-]*$/, { error: 'phone' })
  .default('');

/** A password somebody has: anything, so that the rules of today lock nobody out. */
export const givenPassword = z.string().min(1).max(1000);

/** Where to go afterwards: a path of ours, or nothing. */
export const next = z
  .string()
  .optional()
  .transform((path) => ownPath(path) ?? undefined);

/** Puts a password's problem beside its field. */
export function checkPassword(
  password: string,
  person: { email?: string; name?: string },
  context: z.core.$RefinementCtx,
): void {
  const problem = passwordProblem(password, person);
  if (problem) context.addIssue({ code: 'custom', path: ['password'], message: problem, input: '' });
}

/** A calendar day that has been; empty for none. */
export const birthday = z
  .string()
  .trim()
  .refine((text) => text === '' || (readDay(text) !== null && text > '1900-01-01'), { error: 'birthday' });

export const person = z.object({
  name: personName,
  birthday: birthday
    .transform((text) => text || null)
    .nullable()
    .default(null),
});
export const personId = z.object({ id: z.guid() });

export const emergencyContact = z.object({
  contact_name: z.string().trim().max(120).default(''),
  contact_phone: phone,
  relation: z.string().trim().max(60).default(''),
});

export const healthNote = z.object({
  note: z.string().trim().max(1000).default(''),
  consent: ticked,
  person_id: z.guid().optional(),
});
