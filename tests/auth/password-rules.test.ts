import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hints, minimumLength, passwordProblem } from '#members/password-rules.ts';
import { messages } from '#platform/i18n/index.ts';

const ana = { email: 'ana.molina@lotus.example', name: 'Ana Molina' };

test.each([
  ['too short', 'river 42', 'password_short'],
  ['longer than what is looked at', 'a quiet river '.repeat(6), 'password_long'],
  ['one character over and over', 'aaaaaaaaaaaa', 'password_repeated'],
  ['two characters in turn', 'abababababab', 'password_repeated'],
  ['on the list of the commonest', '1q2w3e4r5t', 'password_common'],
  ['a common word with a number behind', 'Password2026!', 'password_common'],
  ['the same in Spanish', 'contraseña99', 'password_common'],
  ['the e-mail address', 'ana.molina@lotus.example', 'password_like_you'],
  ['the name with a year', 'AnaMolina1990', 'password_like_you'],
  ['the part before the @', 'ana.molina.', 'password_like_you'],
])('a password that is %s is refused', (_what, password, problem) => {
  expect(passwordProblem(password, ana)).toBe(problem);
});

test('each problem has its sentence in every language', () => {
  for (const locale of ['en', 'es', 'es-AR'] as const) {
    const words = messages(locale).refusals.fields;
    for (const name of ['short', 'long', 'repeated', 'common', 'like_you'] as const) {
      expect(words[`password_${name}`]).toMatch(/\.$/);
    }
  }
});

test.each([
  'quiet river 42 stones',
  'correct horse battery',
  'Ñandú-sobre-el-río',
  '密码是一条安静的河流啊',
  'atrium-demo-1',
])('%s is a good password', (password) => expect(passwordProblem(password, ana)).toBeNull());

test('the hint on the page never promises what the server refuses, nor the other way round', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (password) => {
      const shown = hints.length(password) && hints.mixed(password) && hints.common(password);
      const problem = passwordProblem(password);
      // Only the length in bytes is not hinted at: nobody types that much by accident.
      return shown === (problem === null || problem === 'password_long');
    }),
  );
});

test('no password below the shortest length passes', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: minimumLength - 1 }),
      (password) => passwordProblem(password) !== null,
    ),
  );
});
