/** What is wrong with each field, as a sentence beside it. */
import type { z } from 'zod';
import type { Messages } from '../i18n/index.ts';

type Issue = z.core.$ZodIssue;

/**
 * A schema says `{ error: 'passwords_differ' }` to name one of `m.refusals.fields` itself; for everything else the
 * kind of issue decides. zod's own English never reaches a visitor.
 */
function sentenceFor(issue: Issue, m: Messages): string {
  const words = m.refusals.fields;
  const named = (words as Record<string, unknown>)[issue.message];
  if (typeof named === 'string') return named;
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? words.required : words.invalid;
    case 'too_small':
      if (issue.origin !== 'string') return words.too_little({ minimum: String(issue.minimum) });
      return Number(issue.minimum) <= 1
        ? words.required
        : words.too_short({ minimum: Number(issue.minimum) });
    case 'too_big':
      if (issue.origin !== 'string') return words.too_much({ maximum: String(issue.maximum) });
      return words.too_long({ maximum: Number(issue.maximum) });
    case 'invalid_format':
      return issue.format === 'email' ? words.email : words.invalid;
    case 'invalid_value':
      return words.choice;
    default:
      return words.invalid;
  }
}

/** The first sentence for each field, by its path (`email`, `lines.0.quantity`). Unknown keys count to their own name. */
export function fieldErrors(issues: readonly Issue[], m: Messages): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of issues) {
    const paths =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => [...issue.path, key].join('.'))
        : [issue.path.join('.') || 'form'];
    for (const path of paths) errors[path] ??= sentenceFor(issue, m);
  }
  return errors;
}

const never = /pass|secret|token|card|cvc|idempotency/i;

/** What a form's page may show again: text only, never a password, a token or the idempotency key. */
export const shownAgain = (fields: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !never.test(entry[0]),
    ),
  );

/** The same of every name, with all of its values: which of a list's boxes were ticked. */
export const allAgain = (fields: Record<string, unknown>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !never.test(name))
      .map(([name, value]) => [
        name,
        (Array.isArray(value) ? (value as unknown[]) : [value]).filter((one) => typeof one === 'string'),
      ]),
  );
