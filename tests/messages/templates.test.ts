import '../platform/settings.ts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderEmail } from '#messages/post/render.ts';
import { type TemplateName, templates } from '#messages/templates/index.ts';
import { type Business, cancelled, line, lotus, moneyBack, order, sampleData, sur } from './samples.ts';

beforeEach(
  () => void vi.useFakeTimers({ now: Date.parse('2026-11-21T09:00:00Z'), toFake: ['Date', 'Temporal'] }),
);
afterEach(() => void vi.useRealTimers());

const render = (template: TemplateName, data: object, locale = 'en', business: Business = lotus) =>
  renderEmail({ template, data, locale, business });
/** Lines of a calendar file, folded ones put together (RFC 5545, 3.1). */
const linesOf = (file = '') => file.replaceAll('\r\n ', '').split('\r\n');

describe('the confirmation of an order', () => {
  test.each([
    [
      'en',
      lotus,
      'EUR',
      "You're in: Candlelight Yin, Tuesday 1 December, 19:30",
      'Hello Ada,',
      '€16.00',
      'You can cancel free of charge until Tuesday 1 December, 07:30.',
      'http://localhost:4321/orders/',
    ],
    [
      'es',
      lotus,
      'EUR',
      'Tienes plaza: Yin a la luz de las velas, martes, 1 de diciembre, 19:30',
      'Hola, Ada:',
      '16,00 €',
      'Puedes cancelar sin coste hasta el martes, 1 de diciembre, 07:30.',
      'http://localhost:4321/es/orders/',
    ],
    [
      'es',
      sur,
      'ARS',
      'Tenés lugar: Yin a la luz de las velas, martes, 1 de diciembre, 15:30',
      'Hola, Ada:',
      '$ 16',
      'Podés cancelar sin costo hasta el martes, 1 de diciembre, 03:30.',
      'http://barberia.localhost:4321/orders/',
    ],
    [
      'en',
      sur,
      'ARS',
      "You're in: Candlelight Yin, Tuesday 1 December, 15:30",
      'Hello Ada,',
      'ARS',
      'You can cancel free of charge until Tuesday 1 December, 03:30.',
      'http://barberia.localhost:4321/en/orders/',
    ],
  ] as const)(
    'in %s says what, when by the studio’s clock, for how much, until when it can be undone, and where to see it',
    (locale, business, currency, subject, hello, amount, until, link) => {
      const email = render('order_confirmed', { ...order, currency }, locale, business);
      const plain = email.text.replaceAll(/[\u00a0\u202f]/g, ' ');
      expect(email.subject).toBe(subject);
      for (const part of [
        hello,
        amount,
        until,
        `${link}${order.order_id}`,
        order.reference,
        order.number,
        'Noor Haddad',
        'Roof room',
      ])
        expect(plain).toContain(part);
      expect(email.html).toContain(`href="${link}${order.order_id}"`);
    },
  );

  test('brings the classes as a calendar file at the hour on the studio’s wall', () => {
    const { attachments } = render('order_confirmed', {
      ...order,
      lines: [
        line,
        {
          ...line,
          booking_id: 'b0000000-0000-4000-8000-000000000002',
          starts_at: '2026-07-01T06:00:00+00:00',
          ends_at: '2026-07-01T07:00:00+00:00',
        },
      ],
    });
    expect(attachments).toMatchObject([{ filename: 'booking.ics', method: 'PUBLISH' }]);
    const file = linesOf(attachments[0]?.content);
    expect(file.filter((l) => l.startsWith('DTSTART;'))).toEqual([
      'DTSTART;TZID=Europe/Madrid:20261201T193000',
      'DTSTART;TZID=Europe/Madrid:20260701T080000',
    ]);
    expect(file.filter((l) => l.startsWith('SUMMARY'))).toEqual([
      'SUMMARY:Candlelight Yin',
      'SUMMARY:Candlelight Yin',
    ]);
    expect(file).toContain('METHOD:PUBLISH');
    expect(file).toContain('TZID:Europe/Madrid');
  });

  test('of several classes names them, and of a free one says that it is free', () => {
    const two = render('order_confirmed', {
      ...order,
      lines: [line, { ...line, label: { en: 'Slow Flow' } }],
      total_cents: 3200,
    });
    expect(two.subject).toBe("You're in: Candlelight Yin, Slow Flow");
    expect(two.text).toContain('Total: €32.00');
    const free = render('order_confirmed', {
      ...order,
      total_cents: 0,
      tax_cents: 0,
      lines: [{ ...line, total_cents: 0 }],
    });
    expect(free.text).toContain('Total: Free');
    expect(free.text).not.toContain('Tax');
  });

  test('says whose each place is and what pays for it, in the calendar too', () => {
    const pass_name = { en: 'Ten classes', es: 'Diez clases' };
    const email = render('order_confirmed', {
      ...order,
      lines: [
        { ...line, total_cents: 0, pass_name, credits: 1 },
        { ...line, guest_name: 'Rosa' },
        { ...line, total_cents: 0, person_name: 'Mia', pass_name, credits: 0 },
      ],
    });
    const rows = email.text.split('\n- ');
    expect(rows[1]).toContain('1 credit');
    expect(rows[1]).toContain('Paid with Ten classes');
    expect(rows[1]).not.toContain('Free');
    expect(rows[2]).toContain('For your guest Rosa');
    expect(rows[3]).toContain('For Mia');
    expect(rows[3]).toContain('In your membership');
    const calendar = linesOf(email.attachments[0]?.content);
    expect(calendar).toContain('SUMMARY:Candlelight Yin\\, Rosa');
    expect(calendar).toContain('SUMMARY:Candlelight Yin');
  });

  test.each([
    ['a fee', { kind: 'fee', details: {} }, 'Paid: Late cancellation', 'Your fee is paid'],
    [
      'what a till did not know',
      { kind: 'fee', details: { product_unknown: true } },
      'Thank you: Late cancellation',
      'What you bought is yours',
    ],
  ])('of %s thanks for what it was', (_what, given, subject, said) => {
    const email = render('order_confirmed', {
      ...order,
      lines: [{ label: { en: 'Late cancellation' }, total_cents: 800, ...given }],
    });
    expect(email.subject).toBe(subject);
    expect(email.html).toContain(said);
  });

  test('does not promise a deadline that has passed', () => {
    const late = render('order_confirmed', {
      ...order,
      lines: [{ ...line, free_cancel_until: '2026-11-20T06:30:00+00:00' }],
    });
    expect(late.text).not.toContain('cancel free of charge');
  });
});

describe('the end of a booking', () => {
  test.each([
    ['in time', {}, '€16.00 goes back to the card you paid with.'],
    [
      'late, with a part',
      { late: true, refund_cents: 800 },
      'of the €16.00 you paid, €8.00 goes back to your card.',
    ],
    ['late, with nothing', { late: true, refund_cents: 0 }, 'so there is no refund.'],
  ])('%s says what becomes of the money', (_when, given, said) => {
    const email = render('booking_cancelled', { ...cancelled, ...given });
    expect(email.subject).toBe('Cancelled: Candlelight Yin, Tuesday 1 December, 19:30');
    expect(email.text).toContain(said);
  });

  test('of a free class says nothing of money', () => {
    expect(render('booking_cancelled', { ...cancelled, refund_cents: 0, paid_cents: 0 }).text).not.toMatch(
      /€|refund/,
    );
  });

  test('takes the class out of the calendar it was put in', () => {
    const { attachments } = render('booking_cancelled', cancelled, 'es');
    expect(attachments).toMatchObject([{ filename: 'cancelled.ics', method: 'CANCEL' }]);
    const file = linesOf(attachments[0]?.content);
    const put = linesOf(render('order_confirmed', order).attachments[0]?.content);
    expect(file.find((l) => l.startsWith('UID'))).toBe(put.find((l) => l.startsWith('UID')));
    expect(file).toEqual(expect.arrayContaining(['METHOD:CANCEL', 'STATUS:CANCELLED', 'SEQUENCE:1']));
  });

  test.each([
    [
      'es',
      lotus,
      'Te devolvemos 16,00 € a la tarjeta con la que pagaste.',
      'Cancelada: Yin a la luz de las velas, martes, 1 de diciembre, 19:30',
    ],
    [
      'es',
      sur,
      'Ya liberamos tu lugar.',
      'Cancelada: Yin a la luz de las velas, martes, 1 de diciembre, 15:30',
    ],
  ] as const)('is told in %s as it is spoken there', (locale, business, said, subject) => {
    const email = render('booking_cancelled', cancelled, locale, business);
    expect(email.text.replaceAll('\u00a0', ' ')).toContain(said);
    expect(email.subject).toBe(subject);
  });
});

describe('money that goes back', () => {
  test.each([
    [
      'paid_too_late',
      'en',
      lotus,
      'Your payment came too late, and goes back to you',
      'Your payment of €16.00 reached us after',
      '/schedule',
    ],
    [
      'paid_too_late',
      'es',
      lotus,
      'Tu pago llegó tarde y te lo devolvemos',
      'Tu pago de 16,00 € llegó cuando',
      '/es/schedule',
    ],
    [
      'paid_too_late',
      'es',
      sur,
      'Tu pago llegó tarde y te lo devolvemos',
      'lo tomó otra persona. Perdón.',
      '/schedule',
    ],
    [
      'paid_twice',
      'en',
      lotus,
      'You paid twice, and one goes back to you',
      'another payment of €16.00 arrived',
      `/orders/${order.order_id}`,
    ],
    [
      'paid_twice',
      'es',
      lotus,
      'Pagaste dos veces y te devolvemos una',
      'otro pago de 16,00 €',
      `/es/orders/${order.order_id}`,
    ],
    [
      'amount_mismatch',
      'en',
      lotus,
      'Your payment goes back to you',
      'We received €16.00',
      `/orders/${order.order_id}`,
    ],
    [
      'amount_mismatch',
      'es',
      lotus,
      'Te devolvemos tu pago',
      'Recibimos 16,00 €',
      `/es/orders/${order.order_id}`,
    ],
  ] as const)(
    '%s, in %s, says why, how much, and what to do now',
    (template, locale, business, subject, said, link) => {
      const email = render(template, moneyBack, locale, business);
      expect(email.subject).toBe(subject);
      expect(email.text.replaceAll('\u00a0', ' ')).toContain(said);
      expect(email.html).toContain(`${link}"`);
      expect(email.attachments).toEqual([]);
    },
  );

  test('is told in the money it came in', () => {
    const email = render('amount_mismatch', { ...moneyBack, refund_cents: 900, refund_currency: 'USD' });
    expect(email.text).toContain('US$9.00');
  });
});

describe('letters of the house', () => {
  test.each([
    [
      'en',
      lotus,
      'Join the team of Lotus & Bean',
      'Grace invites you to join as front desk.',
      'http://localhost:4321/invitations/tok-1',
    ],
    [
      'es',
      sur,
      'Sumate al equipo de Barbería Sur',
      'Grace te invita a sumarte como recepción.',
      'http://barberia.localhost:4321/invitations/tok-1',
    ],
  ] as const)('an invitation in %s says who, as what, and where', (locale, business, subject, said, link) => {
    const email = render(
      'staff_invitation',
      { role: 'front_desk', token: 'tok-1', invited_by: 'Grace' },
      locale,
      business,
    );
    expect([email.subject, email.text.includes(said), email.text.includes(link)]).toEqual([
      subject,
      true,
      true,
    ]);
  });

  test('an invitation by nobody in particular comes from the owner', () => {
    expect(render('staff_invitation', { role: 'barista', token: 't', invited_by: null }).text).toContain(
      'The owner invites you',
    );
  });

  test.each([
    ['Ada', 1, 'Hello Ada,', 'wait for a minute.'],
    [null, 4, 'Hello,', 'wait for 4 minutes.'],
  ])('a locked account (%s) is told for how long', (name, minutes, hello, said) => {
    const { text } = render('account_locked', { name, minutes });
    expect([text.startsWith(hello), text.includes(said)]).toEqual([true, true]);
  });

  test('a letter nobody has written is not sent', () => {
    expect(() => renderEmail({ template: 'newsletter', locale: 'en', data: {}, business: lotus })).toThrow(
      'newsletter',
    );
  });
});

/** Every letter with `text` wherever a person's words can stand. */
const lettersWith = (text: string) => {
  const label = { en: text, es: text };
  const said = { instructor_name: text, room_name: text, name: text };
  const full = { ...moneyBack, ...said, number: text, lines: [{ ...line, ...said, label }] };
  const notices = Object.entries(sampleData).map(([name, data]) => {
    const shaped = 'class_name' in data ? { class_name: label } : {};
    return [name, { ...data, ...shaped, ...('plan_name' in data ? { plan_name: label } : {}), ...said }];
  });
  const data: Record<string, object> = {
    ...Object.fromEntries(notices),
    order_confirmed: full,
    paid_too_late: full,
    paid_twice: full,
    amount_mismatch: full,
    staff_invitation: { role: 'owner', token: 't', invited_by: text },
    gift_card: { ...sampleData.gift_card, to_name: text, from_name: text, message: text },
    gift_card_back: { ...sampleData.gift_card_back, to_name: text, ending: text },
    account_locked: { name: text, minutes: 2 },
  };
  const business = { ...lotus, name: text || 'x', address: { line1: text, city: text } };
  return (Object.keys(templates) as TemplateName[]).map(
    (name) => [name, render(name, data[name] ?? {}, 'en', business)] as const,
  );
};

describe('a hostile name', () => {
  const hostile = `<script>alert('x')</script>"><img src=x onerror=alert(1)>&amp;`;

  test('is shown as it is written and does nothing', () => {
    for (const [name, { html }] of lettersWith(hostile)) {
      expect([name, /<script|<img/.exec(html)?.[0]]).toEqual([name, undefined]);
      expect(html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))).toContain(
        hostile,
      );
    }
  });

  test('cannot add a header, a line to the calendar, or a link', () => {
    for (const [name, { subject, attachments }] of lettersWith(
      'Ada\r\nBcc: everyone@example.test\r\nBEGIN:VEVENT',
    )) {
      expect([name, /[\r\n]/.test(subject)]).toEqual([name, false]);
      for (const { content } of attachments) {
        expect(linesOf(content).filter((l) => l === 'BEGIN:VEVENT')).toHaveLength(1);
        expect(linesOf(content).filter((l) => l.startsWith('Bcc'))).toEqual([]);
      }
    }
  });

  test('of whatever characters leaves a letter that holds together', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const [, { html }] of lettersWith(text)) {
          const tags = html.match(/<\/?(?:script|iframe|object|embed|img|svg|style|form)\b/gi);
          expect(tags).toBeNull();
          expect(html.endsWith('</table></td></tr></table></body></html>')).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });
});

test('every letter has a subject, a greeting, both forms, and says whom it is from', () => {
  for (const [locale, business] of [
    ['en', lotus],
    ['es', lotus],
    ['es', sur],
  ] as const) {
    for (const [template, data] of Object.entries(sampleData)) {
      const email = render(template as TemplateName, data, locale, business);
      expect(email.subject.length).toBeGreaterThan(5);
      expect(email.text).not.toMatch(/undefined|null|NaN|\[object/);
      expect(email.html).not.toMatch(/undefined|null|NaN|\[object/);
      expect(email.text).toContain(business.name);
      expect(email.text).toContain(business.email);
      expect(email.html).toContain(`<html lang="${locale}">`);
    }
  }
});
