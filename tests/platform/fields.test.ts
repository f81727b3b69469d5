import { z } from 'zod';
import { expect, test } from 'vitest';
import { fieldErrors, shownAgain } from '#platform/http/fields.ts';
import { messages } from '#platform/i18n/index.ts';

const m = messages('en');
const wrong = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value, { reportInput: true });
  return fieldErrors(error?.issues ?? [], m);
};
const field = (schema: z.ZodType, value: unknown) =>
  wrong(z.object({ field: schema }), { field: value }).field;

test.each([
  ['missing', z.string(), undefined, 'Please fill this in.'],
  ['empty', z.string().min(1), '', 'Please fill this in.'],
  ['of another type', z.string(), 7, 'This does not look right.'],
  ['too short', z.string().min(3), 'ab', 'At least 3 characters.'],
  ['too long', z.string().max(3), 'abcd', 'At most 3 characters.'],
  ['too little', z.number().min(1), 0, 'At least 1.'],
  ['too much', z.number().max(9), 10, 'At most 9.'],
  ['no e-mail address', z.email(), 'ana', 'This does not look like an e-mail address.'],
  ['no id', z.uuid(), 'ana', 'This does not look right.'],
  ['not on the list', z.enum(['a', 'b']), 'c', 'Please choose one of these.'],
  [
    'refused by a rule with a name',
    z.string().refine(() => false, { error: 'phone' }),
    'x',
    m.refusals.fields.phone,
  ],
  ['refused by a rule without one', z.string().refine(() => false), 'x', 'This does not look right.'],
])('what is %s is said in words', (_what, schema, value, said) => expect(field(schema, value)).toBe(said));

test('a rule cannot name something that is no sentence', () => {
  expect(
    field(
      z.string().refine(() => false, { error: 'toString' }),
      'x',
    ),
  ).toBe('This does not look right.');
});

test('a field is named by its path, and each is told once', () => {
  const lines = z.object({ lines: z.array(z.object({ quantity: z.number().int().min(1) })) });
  expect(Object.keys(wrong(lines, { lines: [{ quantity: 1 }, { quantity: -1.5 }] }))).toEqual([
    'lines.1.quantity',
  ]);
  expect(wrong(z.strictObject({}), { role: 'owner' })).toEqual({ role: 'This does not look right.' });
  expect(
    Object.keys(
      wrong(
        z.object({}).refine(() => false),
        {},
      ),
    ),
  ).toEqual(['form']);
});

test('what is shown again is text, and nothing that is secret by its name', () => {
  const fields = {
    name: 'Ana',
    seats: ['1', '2'],
    password: 'x',
    current_password: 'x',
    token_hash: 'x',
    card_number: 'x',
  };
  expect(shownAgain({ ...fields, idempotency_key: 'x' })).toEqual({ name: 'Ana' });
});
