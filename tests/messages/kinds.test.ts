import '../platform/settings.ts';
import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderEmail } from '#messages/post/render.ts';
import { readStop, stopToken } from '#messages/post/stopping.ts';
import { type Kind, facts, isKind } from '#messages/facts.ts';
import { noticeOf } from '#messages/notices.ts';
import { templates } from '#messages/templates/index.ts';
import { type Locale, messages } from '#platform/i18n/index.ts';
import { lotus, order, sampleData, sur } from './samples.ts';

const kinds = Object.keys(facts) as Kind[];
const places = [
  ['en', 'en', lotus],
  ['es', 'es', lotus],
  ['es', 'es-AR', sur],
] as const;

beforeEach(
  () => void vi.useFakeTimers({ now: Date.parse('2026-11-21T09:00:00Z'), toFake: ['Date', 'Temporal'] }),
);
afterEach(() => void vi.useRealTimers());

const noticed = (
  kind: Kind,
  data: object,
  locale: Locale = 'en',
  business: typeof lotus | typeof sur = lotus,
) =>
  noticeOf(kind, kind === 'order_confirmed' ? { name: 'Ada', order_id: order.order_id } : data, {
    m: messages(locale),
    locale,
    business,
  });

describe('everything members are told', () => {
  test('is in the table of the database, in the contract beside the templates, and has a letter', () => {
    const folder = new URL('../../supabase/migrations/', import.meta.url);
    const migrations = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const row =
      /\('([a-z_]+)', '(?:bookings|orders|waitlist|reminders|plans|progress|work)', (?:true|false)\)/g;
    const known = [...migrations.join('\n').matchAll(row)];
    expect(known.map(([, kind]) => kind).sort()).toEqual([...kinds].sort());
    const contract = readFileSync(new URL('../../src/messages/templates/index.ts', import.meta.url), 'utf8');
    for (const kind of kinds) {
      expect(contract).toMatch(new RegExp(`^ \\* \\| ${kind} ?!? *\\|`, 'm'));
      expect(templates).toHaveProperty(kind);
    }
  });

  test('has a name by which the team finds it among the letters, as those of the house do', () => {
    const { kinds: names } = messages('en').letters;
    expect(Object.keys(templates).filter((name) => !Object.hasOwn(names, name))).toEqual([]);
  });

  test.each(kinds)('%s has a line in the app in every language, and leads somewhere', (kind) => {
    const said = places.map(([, locale, business]) => noticed(kind, sampleData[kind], locale, business));
    for (const { title, text, path } of said) {
      expect(`${title} ${text}`).not.toMatch(/undefined|null|NaN|\[object/);
      expect(title.length).toBeGreaterThan(3);
      expect(text.length).toBeGreaterThan(3);
      expect(path).toMatch(/^\/[a-z]/);
    }
    expect(said[0]?.title).not.toBe(said[1]?.title);
  });

  test.each(kinds.filter((kind) => kind !== 'order_confirmed'))(
    '%s holds together without what may be missing',
    (kind) => {
      const shape = facts[kind].shape as Record<string, { safeParse(value: unknown): { success: boolean } }>;
      const bare = Object.fromEntries(
        Object.entries(sampleData[kind]).filter(([name]) => !shape[name]?.safeParse(undefined).success),
      );
      for (const [language, , business] of places) {
        const email = renderEmail({ template: kind, data: bare, locale: language, business });
        expect(email.text).not.toMatch(/undefined|null|NaN|\[object/);
      }
      expect(noticed(kind, bare).text).not.toBe('');
    },
  );

  test.each(kinds.filter((kind) => kind !== 'order_confirmed'))('%s with a fact missing names it', (kind) => {
    expect(() => renderEmail({ template: kind, data: {}, locale: 'en', business: lotus })).toThrow(
      new RegExp(`^data of ${kind}: .*name`),
    );
  });
});

test('a fee that was paid is no purchase', () => {
  const told = (fee: boolean) =>
    noticeOf(
      'order_confirmed',
      { name: 'Ada', order_id: order.order_id, class_name: { en: 'Missed class' }, fee },
      { m: messages('en'), locale: 'en', business: lotus },
    );
  expect(told(true).title).toBe('Paid: Missed class');
  expect(told(false).title).toBe('Thank you: Missed class');
});

test('a letter about somebody they look after says so, and the app does not say it twice', () => {
  const data = { ...sampleData.session_cancelled, about_name: 'Leo' };
  const email = renderEmail({ template: 'session_cancelled', data, locale: 'en', business: lotus });
  expect(email.text).toContain('Hello Ada,\n\nThis is about Leo.');
  expect(noticed('session_cancelled', data).text).not.toContain('Leo');
});

test.each([
  ['en', 'With it go the places of Ada, Leo and Pepe.', 'The attached file takes it out of your calendar.'],
  [
    'es',
    'Con ella se anulan las plazas de Ada, Leo y Pepe.',
    'El archivo adjunto la quita de tu calendario.',
  ],
] as const)(
  'several places in a class that was called off are one letter that names them: %s',
  (locale, names, file) => {
    const places = ['Ada', 'Leo', 'Pepe'].map((name, n) => ({
      booking_id: `b0000000-0000-4000-8000-00000000000${n}`,
      name,
    }));
    const data = { ...sampleData.session_cancelled, places };
    const email = renderEmail({ template: 'session_cancelled', data, locale, business: lotus });
    expect(email.text).toContain(names);
    expect(email.text).toContain(file);
    const [calendar] = email.attachments;
    expect(calendar?.method).toBe('CANCEL');
    expect(
      calendar?.content.match(/UID:[^\r\n]+/g)?.map((uid) => /b0000000[^@\r\n]*/.exec(uid)?.[0]),
    ).toEqual(places.map(({ booking_id }) => booking_id));
    expect(noticed('session_cancelled', { ...data, about_name: null }).text).toContain('Ada, Leo and Pepe');
  },
);

test.each([
  ['late_cancel', 'You cancelled after'],
  ['no_show', 'did not come'],
])('a fee says what it is for: %s', (reason, said) => {
  const data = { ...sampleData.fee_charged, reason };
  expect(renderEmail({ template: 'fee_charged', data, locale: 'en', business: lotus }).text).toContain(said);
});

test('a class that was moved says from when to when, and brings the calendar up to date', () => {
  const email = renderEmail({
    template: 'session_changed',
    data: sampleData.session_changed,
    locale: 'en',
    business: lotus,
  });
  expect(email.text).toContain('New time: Tuesday 1 December, 19:30 (it was Tuesday 1 December, 18:00).');
  expect(email.text).toContain('New room: Roof room (it was Garden room).');
  expect(email.text).toContain('Teacher: Noor Haddad, in place of Mateo Ruiz.');
  expect(email.attachments).toMatchObject([{ filename: 'booking.ics', method: 'PUBLISH' }]);
});

test('a series that was moved is one letter with all of somebody’s classes in it', () => {
  const { name: _name, ...seat } = sampleData.session_changed as Record<string, unknown>;
  const next = {
    ...seat,
    booking_id: '5e550000-0000-4000-8000-0000000000b2',
    starts_at: '2026-12-08T18:30:00Z',
    ends_at: '2026-12-08T19:45:00Z',
    old_starts_at: '2026-12-08T17:00:00Z',
  };
  const email = renderEmail({
    template: 'session_changed',
    data: { ...sampleData.session_changed, also: [next] },
    locale: 'en',
    business: lotus,
  });
  expect(email.text).toContain('One more of your classes changes with it:');
  expect(email.text).toContain('Tuesday 8 December, 19:30');
  expect(email.text).toContain('Until now: Tuesday 8 December, 18:00, Garden room, Mateo Ruiz');
  expect(email.attachments[0]?.content.match(/BEGIN:VEVENT/g)).toHaveLength(2);
});

test('an offer says until when it stands, on the studio’s clock', () => {
  const email = renderEmail({
    template: 'waitlist_offer',
    data: sampleData.waitlist_offer,
    locale: 'es',
    business: lotus,
  });
  expect(email.subject).toBe(
    'Una plaza en Yin a la luz de las velas es tuya hasta el lunes, 30 de noviembre, 13:30',
  );
  expect(email.html).toContain('/es/sessions/');
});

test('an order of things that are no classes is thanked for, not expected to come', () => {
  const pass = { label: { en: 'Ten classes' }, total_cents: 9000 };
  const data = { ...order, lines: [pass] };
  const email = renderEmail({ template: 'order_confirmed', data, locale: 'en', business: lotus });
  expect(email.subject).toBe('Thank you: Ten classes');
  expect(email.attachments).toEqual([]);
  expect(
    noticeOf(
      'order_confirmed',
      { name: 'Ada', order_id: order.order_id, class_name: { en: 'Ten classes' }, lines: 2 },
      { m: messages('en'), locale: 'en', business: lotus },
    ),
  ).toEqual({
    title: 'Thank you: Ten classes + 1',
    text: 'It is yours from this moment on.',
    path: `/orders/${order.order_id}`,
  });
});

test('a kind nobody knows is not made up', () => {
  expect(isKind('newsletter')).toBe(false);
  expect(isKind('toString')).toBe(false);
  expect(() => noticeOf('newsletter', {}, { m: messages('en'), locale: 'en', business: lotus })).toThrow(
    'newsletter',
  );
});

test('the way out stands at the end of a letter, in the head for mail programs, and nowhere without a choice', () => {
  const letter = { template: 'milestone', data: sampleData.milestone, locale: 'es', business: lotus };
  const token = stopToken('5e550000-0000-4000-8000-0000000000b2.progress');
  const email = renderEmail({ ...letter, stop: token });
  expect(email.text).toMatch(
    new RegExp(`No recibir más correos así: http://localhost:4321/es/unsubscribe/${token}$`),
  );
  expect(email.html).toContain(`href="http://localhost:4321/es/unsubscribe/${token}"`);
  expect(email.headers).toEqual({
    'List-Unsubscribe': `<http://localhost:4321/api/members/notifications/stop/${token}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  });
  expect(readStop(token)).toEqual({ memberId: '5e550000-0000-4000-8000-0000000000b2', topic: 'progress' });
  expect(readStop(token.replace('.progress.', '.plans.'))).toBeNull();
  expect(readStop(stopToken('5e550000-0000-4000-8000-0000000000b2.weather'))).toBeNull();
  const without = renderEmail(letter);
  expect([without.headers, without.text.includes('unsubscribe')]).toEqual([{}, false]);
});
