import { expect, test } from 'vitest';
import { type Locale, localeFor, localised, messages, plural } from '#platform/i18n/index.ts';

type Leaf = string | ((values: Record<string, unknown>) => string);

/** Every message by its path: `site.nav.menu`. */
function leaves(branch: object, path = ''): [string, Leaf][] {
  return Object.entries(branch).flatMap(([name, value]) => {
    const here = path ? `${path}.${name}` : name;
    return typeof value === 'object' && value !== null
      ? leaves(value as object, here)
      : [[here, value as Leaf] as [string, Leaf]];
  });
}

/** What a message says for several counts and for a name, and which values it asked for. */
function say(leaf: Leaf): { texts: string[]; asked: string[] } {
  if (typeof leaf === 'string') return { texts: [leaf], asked: [] };
  const asked = new Set<string>();
  const texts = [0, 1, 2, 24, 48, 'É'].flatMap((value) => {
    const values = new Proxy({} as Record<string, unknown>, {
      get: (_target, name) => {
        asked.add(String(name));
        return value;
      },
    });
    try {
      const text = String(leaf(values));
      // A message that reckons with a name was given the wrong kind of value, not written wrongly.
      return typeof value === 'string' && text.includes('NaN') ? [] : [text];
    } catch {
      return [];
    }
  });
  return { texts, asked: [...asked].sort() };
}

const read = (locale: Locale) => new Map(leaves(messages(locale)));
const en = read('en');
const es = read('es');
const ar = read('es-AR');

/** Rightly the same in both languages: names, units, words that Spanish borrowed. */
const same = new Set([
  'giftCards.face.pin',
  'giftCards.check.pin',
  'giftCards.kept.csv',
  'mail.giftCard.pin',
  'site.language.names.en',
  'site.language.names.es',
  'site.words.minutes',
  'site.styles.vinyasa',
  'site.styles.hatha',
  'site.styles.yin',
  'site.styles.power',
  'site.styles.prenatal',
  'booking.minutes',
  'board.card.min',
  'board.busy.minutes',
  'legal.privacy.sections.cookies.title',
  'sales.total',
  'mail.total',
  'members.reach.channels.whatsapp',
  'progress.hours',
  'shop.allergenNames.gluten',
  'shopAnalytics.minutes',
  'shopAnalytics.barista',
  'mail.invitation.roles.barista',
]);

const isFine = (text: string): boolean =>
  text.trim() !== '' && !/ {2}|undefined|\[object|NaN|\{\w+\}/.test(text);

test.each([
  ['English', en],
  ['Spanish', es],
  ['Argentine Spanish', ar],
] as const)('every message in %s says something', (_language, all) => {
  const odd = [...all].filter(([, leaf]) => {
    const { texts } = say(leaf);
    return texts.length === 0 || !texts.every(isFine);
  });
  expect(odd.map(([path, leaf]) => `${path}: ${say(leaf).texts.find((text) => !isFine(text))}`)).toEqual([]);
});

test('both languages have the same messages, and Argentina adds none', () => {
  expect([...es.keys()]).toEqual([...en.keys()]);
  expect([...ar.keys()].sort()).toEqual([...es.keys()].sort());
});

test('a message fills in the same values in every language', () => {
  const differ = [...en].filter(([path, leaf]) => {
    const asked = say(leaf).asked.join();
    return [es, ar].some((other) => say(other.get(path) ?? '').asked.join() !== asked);
  });
  expect(differ.map(([path]) => path)).toEqual([]);
});

test('nothing was left in English', () => {
  const twins = [...en].filter(([path, leaf]) => {
    const text = say(leaf).texts.join();
    return !same.has(path) && /\p{L}{3}/u.test(text) && text === say(es.get(path) ?? '').texts.join();
  });
  expect(twins.map(([path]) => path)).toEqual([]);
});

test('what is on the list of twins really is one', () => {
  for (const path of same) expect(say(en.get(path) ?? 'a').texts).toEqual(say(es.get(path) ?? 'b').texts);
});

test('at Barbería Sur nobody is addressed as tú', () => {
  const tuteo =
    /(?<!\p{L})(tú|ti|contigo|puedes|tienes|quieres|debes|eres|sabes|vienes|prefieres|necesitas|recibes|entras|vosotros)(?!\p{L})/iu;
  const slips = [...ar].filter(([, leaf]) => say(leaf).texts.some((text) => tuteo.test(text)));
  expect(slips.map(([path, leaf]) => `${path}: ${say(leaf).texts[0]}`)).toEqual([]);
});

test('Spanish at a business in Argentina is Argentine, elsewhere it is not', () => {
  expect(localeFor('es', 'AR')).toBe('es-AR');
  expect(localeFor('es', 'ES')).toBe('es');
  expect(localeFor('en', 'AR')).toBe('en');
});

test('text from the database is read in the reader’s language, else in the one it was written in', () => {
  expect(localised({ en: 'Breathe in', es: 'Respira' }, 'es-AR')).toBe('Respira');
  expect(localised({ en: 'Breathe in', es: '' }, 'es')).toBe('Breathe in');
  expect(localised(null, 'en')).toBe('');
  expect(localised('As it is', 'en')).toBe('As it is');
});

test('counts are said as a person would', () => {
  const seats = { zero: 'Full', one: '1 place left', other: 'Many' };
  expect([0, 1, 5].map((count) => plural('en', count, seats))).toEqual(['Full', '1 place left', 'Many']);
  expect(plural('es', 0, { one: 'Una', other: 'Varias' })).toBe('Varias');
});
