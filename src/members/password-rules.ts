/**
 * What a password must be, the same on the server and in the page's live hint (no imports: this file goes to the
 * browser). Length counts most; no rule asks for capitals or signs, which only makes people write passwords down
 * (NIST SP 800-63B, 3.1.1.2).
 */

export const minimumLength = 10;
export const differentCharacters = 5;
/** Bytes. What comes after is not looked at by bcrypt, which auth keeps passwords with. */
export const maximumBytes = 72;

// The commonest passwords of ten characters and more, and the words people put a number behind.
const common = new Set(
  `1234567890 0123456789 12345678910 1234567891 9876543210 0987654321 123456789a a123456789 1q2w3e4r5t q1w2e3r4t5
   1qaz2wsx3edc qwertyuiop qwertyuiop123 asdfghjkl1 zxcvbnm123 qazwsxedc1 abcdefghij abc1234567 iloveyou12 1234qwerasdf
   123qweasdzxc q1w2e3r4t5y6 1122334455 1212121212 123123123123 147258369 1029384756 pokemon123 tequieromucho
   teamomucho1 bocajuniors riverplate realmadrid barcelona1 atleticomadrid contraseña1 contrasena1`.split(
    /\s+/,
  ),
);
const words = new Set(
  `password passw0rd p@ssword p@ssw0rd contraseña contrasena clave qwerty qwertz azerty asdfgh admin administrator
   administrador welcome bienvenido bienvenida letmein changeme iloveyou teamo tequiero princess princesa football futbol
   monkey dragon sunshine superman batman charlie master shadow michael jordan yoga namaste lotus coffee barberia atrium
   secret secreto hello hola madrid buenosaires argentina españa espana`.split(/\s+/),
);

export type PasswordProblem =
  'password_short' | 'password_long' | 'password_repeated' | 'password_common' | 'password_like_you';

/** The rules a hint can show while somebody types, in the order they are shown. */
export const hints = {
  length: (password: string): boolean => [...password].length >= minimumLength,
  mixed: (password: string): boolean => new Set(password).size >= differentCharacters,
  common: (password: string): boolean => password !== '' && !isCommon(password),
} as const;

function isCommon(password: string): boolean {
  const low = password.toLowerCase();
  const word = low.replace(/[\d\s!-/:-@[-`{-~]+$/, '').replace(/^[\d\s!-/:-@[-`{-~]+/, '');
  return common.has(low) || words.has(word);
}

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}]/gu, '');

function isLike(password: string, person: { email?: string; name?: string }): boolean {
  const email = person.email?.toLowerCase() ?? '';
  if (email !== '' && password.toLowerCase().includes(email)) return true;
  const bare = letters(password);
  const names = [email, email.split('@')[0] ?? '', person.name ?? '']
    .map(letters)
    .filter((name) => name.length >= 3);
  return bare !== '' && names.includes(bare);
}

/** The first thing wrong with a password, by its name in `m.refusals.fields`; null when it may be used. */
export function passwordProblem(
  password: string,
  person: { email?: string; name?: string } = {},
): PasswordProblem | null {
  if (!hints.length(password)) return 'password_short';
  if (new TextEncoder().encode(password).length > maximumBytes) return 'password_long';
  if (!hints.mixed(password)) return 'password_repeated';
  if (isCommon(password)) return 'password_common';
  return isLike(password, person) ? 'password_like_you' : null;
}
