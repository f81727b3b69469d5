import { expect, test } from 'vitest';
import { next, personName, phone } from '#members/inputs.ts';
import { invitationToken } from '#business/inputs.ts';
import { email } from '#platform/inputs.ts';

test('an address is trimmed and written small, so that it is found again', () => {
  expect(email.parse('  Ana@Lotus.Example ')).toBe('ana@lotus.example');
});

test.each(['', 'ana', 'ana@', '@lotus.example', 'a b@lotus.example', `${'a'.repeat(250)}@x.example`, 'a@b'])(
  '"%s" is not an e-mail address',
  (text) => expect(email.safeParse(text).success).toBe(false),
);

test('a name may be of any script but not empty or endless', () => {
  expect(personName.parse(' Íñigo Ñáñez ')).toBe('Íñigo Ñáñez');
  expect(personName.safeParse('   ').success).toBe(false);
  expect(personName.safeParse('x'.repeat(121)).success).toBe(false);
});

test('a phone number is digits with what people put between them', () => {
  expect(phone.parse('+34 (910) 555-014')).toBe('+34 (910) 555-014');
  expect(phone.parse(undefined)).toBe('');
  expect(phone.safeParse('call me').error?.issues[0]?.message).toBe('phone');
});

test('where to go next is a path of ours or nowhere', () => {
  expect(next.parse('/cart')).toBe('/cart');
  expect(next.parse('//evil.example')).toBeUndefined();
  expect(next.parse(undefined)).toBeUndefined();
});

test('an invitation’s secret has the letters of one', () => {
  expect(invitationToken.safeParse('abcdefghijklmnopqrstuvwxyz_-0').success).toBe(true);
  expect(invitationToken.safeParse('../../etc/passwd-and-more').success).toBe(false);
});
