/** Cards at the till's card reader: approved, declined, called off, too late; and what the provider's silence changes (nothing). */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { type Bar, aBar } from '../bar.ts';
import { addDemoReader } from '../../local/demo-reader.ts';
import { allAtOnce, findings, lotus, sql } from '../world.ts';
import { aTill } from './a-till.ts';
import { type Buyer, aBuyer, aColleague, endHold, runJob, untilOrder, wordsOf } from './buyer.ts';
import { cards, dashboard, deliver, eventsAbout, failCalls, loseEvents } from './provider.ts';
import type { Reply } from './visitor.ts';

const m = messages('en');
afterEach(async () => expect(await findings()).toEqual([]));

interface Counter {
  bar: Bar;
  till: string;
  manager: Buyer;
  seller: Buyer;
  reader: string;
  /** Stripe's name for the reader. */
  ref: string;
}

/** A till at a bar of the test's own, with a simulated reader. */
async function aCounter(): Promise<Counter> {
  const { bar, till, manager, seller } = await aTill({ open: false, onShelf: 5 });
  const made = await register(manager, bar.location);
  expect([made.status, made.json?.code]).toEqual([201, undefined]);
  const reader = made.json.data.reader_id as string;
  const [row] = await sql<{ ref: string }>('select provider_ref as ref from shop.readers where id = $1', [
    reader,
  ]);
  return { bar, till, manager, seller, reader, ref: row?.ref ?? '' };
}
const register = ({ visitor }: Buyer, location: string, more: object = {}) =>
  visitor.call('/api/coffee/till/readers', {
    location_id: location,
    name: 'Bar reader',
    code: 'simulated-wpe',
    ...more,
  });
const send = (
  who: Buyer,
  { bar, till }: Pick<Counter, 'bar' | 'till'>,
  id: string = randomUUID(),
  more = {},
) =>
  who.visitor.call('/api/coffee/till/reader/sales', {
    till_id: till,
    sale_id: id,
    lines: [{ slug: bar.bag.slug, quantity: 2 }],
    ...more,
  });
const act = (who: Buyer, what: 'tries' | 'cancellations', sale: string): Promise<Reply> =>
  who.visitor.call(`/api/coffee/till/reader/${what}`, { sale_id: sale });
const hold = (who: Buyer, sale: string, card: string): Promise<Reply> =>
  who.visitor.call('/api/coffee/till/reader/cards', { sale_id: sale, card });
const look = async (who: Buyer, sale: string) =>
  (await who.visitor.get(`/api/coffee/till/reader/sales?sale_id=${sale}`, { accept: 'application/json' }))
    .json.data;
const present = (ref: string, number: string = cards.good) =>
  dashboard().testHelpers.terminal.readers.presentPaymentMethod(ref, {
    type: 'card_present',
    card_present: { number },
  });
const shelf = async ({ bag }: Bar) =>
  (
    await sql<object>('select on_hand::int, reserved::int from shop.stock_levels where stock_item_id = $1', [
      bag.item,
    ])
  )[0];
const paymentOf = async (sale: string) =>
  (
    await sql<{ id: string; provider: string; state: string; ref: string; captured: number; n: number }>(
      `select id, provider, state, provider_ref as ref, captured_cents::int as captured, (select count(*)::int from payments.payments y where y.order_id = $1) as n from payments.payments where order_id = $1`,
      [sale],
    )
  )[0]!;
const said = ({ status, json }: Reply) => [status, json?.code];

describe('a card at the reader', () => {
  test('pays: what it buys is held while the reader waits, and the sale is sold when the card is taken', async () => {
    const counter = await aCounter();
    const { bar, seller, ref } = counter;
    const sale = randomUUID();
    const sent = await send(seller, counter, sale, { name: 'Ivan', expected_total_cents: 2300 });
    expect([sent.status, sent.json.data]).toEqual([
      201,
      expect.objectContaining({ sale_id: sale, phase: 'waiting', total_cents: 2300, tries: 1 }),
    ]);
    expect(await shelf(bar)).toEqual({ on_hand: 5, reserved: 2 });
    // The till may be left for the next customer: the sale waits on, and stands at the till's top.
    const here = `/till/${counter.till}`;
    const waiting = await seller.visitor.get(`${here}/reader/${sale}`);
    expect(waiting.text).toMatch(new RegExp(`<a[^>]*href="${here}"[^>]*>[\\s\\S]*?${m.till.drawer.toTill}`));
    const top = await seller.visitor.get(here);
    expect(top.text).toContain(`href="${here}/reader/${sale}"`);
    expect(wordsOf(top)).toContain(m.till.openSales.atReader({ total: '€23.00' }));
    expect((await look(seller, sale)).phase).toBe('waiting');
    // Sent again it is the same sale and one payment.
    expect(
      (await send(seller, counter, sale, { name: 'Ivan', expected_total_cents: 2300 })).json.data,
    ).toEqual(sent.json.data);
    const { ref: intent, n } = await paymentOf(sale);
    expect(n).toBe(1);
    expect(await dashboard().paymentIntents.retrieve(intent)).toMatchObject({
      amount: 2300,
      currency: 'eur',
      payment_method_types: ['card_present'],
    });
    // Somebody holds a card to it; nobody presses anything at the till.
    await present(ref);
    await untilOrder(sale, { state: 'paid' });
    expect(await shelf(bar)).toEqual({ on_hand: 3, reserved: 0 });
    expect(await paymentOf(sale)).toMatchObject({
      provider: 'stripe',
      state: 'captured',
      captured: 2300,
      n: 1,
    });
    expect((await look(seller, sale)).phase).toBe('sold');
    const [ticket] = await sql<{ name: string }>('select name from shop.tickets where order_id = $1', [sale]);
    expect(ticket?.name).toBe('Ivan');
    expect((await seller.visitor.get(here)).text).not.toContain(`${here}/reader/${sale}`);
    const page = await seller.visitor.get(`/till/${counter.till}/reader/${sale}`);
    expect([page.status, page.to]).toEqual([303, `/till/${counter.till}/sold/${sale}`]);
    expect(wordsOf(await seller.visitor.get(page.to ?? ''))).toContain(m.till.sold.paid.reader);
    // Every event once more changes nothing.
    const events = await eventsAbout(intent);
    expect(events.length).toBeGreaterThan(2);
    for (const event of events) expect((await deliver(event)).status).toBe(200);
    expect(await paymentOf(sale)).toMatchObject({ captured: 2300, n: 1 });
  });

  test('is found out by the page when no word comes from the provider', async () => {
    const counter = await aCounter();
    const sale = randomUUID();
    await send(counter.seller, counter, sale);
    const { id, ref } = await paymentOf(sale);
    for (const about of [id, ref, counter.ref]) await loseEvents(about);
    await present(counter.ref);
    await sql(`update shop.reader_sales set sent_at = now() - interval '10 seconds' where order_id = $1`, [
      sale,
    ]);
    const page = await counter.seller.visitor.get(`/till/${counter.till}/reader/${sale}`);
    expect(page.to).toBe(`/till/${counter.till}/sold/${sale}`);
    await untilOrder(sale, { state: 'paid' });
  });

  test('declined: says why, asks again, and pays with another card; or in cash', async () => {
    const counter = await aCounter();
    const { bar, till, seller, manager } = counter;
    const [first, second] = [randomUUID(), randomUUID()];
    await send(seller, counter, first);
    expect((await hold(seller, first, 'declined')).json.data).toMatchObject({
      phase: 'declined',
      failure_code: 'insufficient_funds',
    });
    // So that the same news, when it comes late, is not taken for the next card's.
    expect(
      await sql(`select failure_ref ~ '^ch_' as known from payments.payments where order_id = $1`, [first]),
    ).toEqual([{ known: true }]);
    const page = await seller.visitor.get(`/till/${till}/reader/${first}`);
    expect(wordsOf(page)).toContain(m.readers.sale.declined.insufficient_funds);
    expect((await act(seller, 'tries', first)).json.data).toMatchObject({ phase: 'waiting', tries: 2 });
    expect((await hold(seller, first, 'declined')).json.data).toMatchObject({ phase: 'declined', tries: 2 });
    await act(seller, 'tries', first);
    expect((await hold(seller, first, 'works')).json.data.phase).toBe('sold');
    expect(await paymentOf(first)).toMatchObject({ state: 'captured', n: 1 });

    await send(seller, counter, second);
    await hold(seller, second, 'declined');
    await manager.visitor.call(
      '/api/coffee/till/openings',
      { till_id: till, amount_cents: 0 },
      { 'idempotency-key': randomUUID() },
    );
    const other = await seller.visitor.submit(
      '/api/coffee/till/reader/cancellations',
      { sale_id: second },
      `/till/${till}/reader/${second}`,
    );
    // The ticket is as it was, under an id of its own.
    const back = new URL(other.to ?? '', 'http://x').searchParams;
    expect([other.status, back.getAll('line')]).toEqual([303, [`2~${bar.bag.slug}`]]);
    expect(back.get('sale')).not.toBe(second);
    expect(await shelf(bar)).toEqual({ on_hand: 3, reserved: 0 });
    const cash = await seller.visitor.call('/api/coffee/till/sales', {
      till_id: till,
      sale_id: back.get('sale'),
      lines: [{ slug: bar.bag.slug, quantity: 2 }],
      pay_with: 'cash',
      tendered_cents: 2300,
    });
    expect(cash.status).toBe(201);
  });

  test('called off: the goods are free at once, and the reader asks nobody any more', async () => {
    const counter = await aCounter();
    const { bar, seller, ref } = counter;
    const [quiet, late] = [randomUUID(), randomUUID()];
    await send(seller, counter, quiet);
    expect((await act(seller, 'cancellations', quiet)).json.data.phase).toBe('cancelled');
    expect((await act(seller, 'cancellations', quiet)).json.data.phase).toBe('cancelled');
    expect(await shelf(bar)).toEqual({ on_hand: 5, reserved: 0 });
    expect((await dashboard().paymentIntents.retrieve((await paymentOf(quiet)).ref)).status).toBe('canceled');
    expect((await dashboard().terminal.readers.retrieve(ref)) as object).toMatchObject({ action: null });
    expect(said(await act(seller, 'tries', quiet))).toEqual([409, 'order_cancelled']);

    // The provider cannot be reached while it is called off: it is all the same, and is ended there when it can be.
    await send(seller, counter, late);
    const { ref: intent } = await paymentOf(late);
    await failCalls(ref, { times: 3, status: 503 });
    expect((await act(seller, 'cancellations', late)).json.data.phase).toBe('cancelled');
    expect(await shelf(bar)).toEqual({ on_hand: 5, reserved: 0 });
    await expect
      .poll(() =>
        dashboard()
          .paymentIntents.retrieve(intent)
          .then(({ status }) => status),
      )
      .toBe('canceled');
    await untilOrder(late, { state: 'cancelled' });
  });

  test('paid a moment before it is called off, it is sold', async () => {
    const counter = await aCounter();
    const sale = randomUUID();
    await send(counter.seller, counter, sale);
    const { id, ref } = await paymentOf(sale);
    for (const about of [id, ref, counter.ref]) await loseEvents(about);
    await present(counter.ref);
    expect((await act(counter.seller, 'cancellations', sale)).json.data.phase).toBe('sold');
    expect((await paymentOf(sale)).state).toBe('captured');
  });

  test('paid after the sale was over, it goes back to the card by itself', async () => {
    const counter = await aCounter();
    const sale = randomUUID();
    await send(counter.seller, counter, sale);
    const { id, ref } = await paymentOf(sale);
    // As when everything between us and the provider is late: the sale is over here, and not yet there.
    await allAtOnce(async (run) => {
      await run(`select set_config('request.jwt.claims', $1, true)`, [
        JSON.stringify({ sub: counter.seller.id, role: 'authenticated' }),
      ]);
      await run('select api.cancel_reader_sale($1, $2)', [lotus, sale]);
      await run(`delete from graphile_worker._private_jobs where key = 'close:' || $1`, [id]);
    });
    await present(counter.ref);
    await expect.poll(() => paymentOf(sale).then(({ state }) => state)).toBe('refunded');
    expect((await dashboard().refunds.list({ payment_intent: ref })).data).toMatchObject([
      { amount: 2300, status: 'succeeded' },
    ]);
  });

  test('nobody held a card in time: the goods are free, and the reader stops asking', async () => {
    const counter = await aCounter();
    const sale = randomUUID();
    await send(counter.seller, counter, sale);
    await endHold(sale);
    expect((await look(counter.seller, sale)).phase).toBe('expired');
    // The next sale need not wait for the sweep.
    const next = randomUUID();
    expect((await send(counter.seller, counter, next)).status).toBe(201);
    await runJob('expire_holds');
    await untilOrder(sale, { state: 'expired' });
    const { ref } = await paymentOf(sale);
    await expect
      .poll(() =>
        dashboard()
          .paymentIntents.retrieve(ref)
          .then(({ status }) => status),
      )
      .toBe('canceled');
    // And the one that has the reader now keeps it.
    await present(counter.ref);
    await untilOrder(next, { state: 'paid' });
  });

  test('goes back to the card when it is refunded', async () => {
    const counter = await aCounter();
    const sale = randomUUID();
    await send(counter.seller, counter, sale);
    await hold(counter.seller, sale, 'works');
    const [line] = await sql<{ id: string }>('select id from sales.order_lines where order_id = $1', [sale]);
    const given = await counter.manager.visitor.call(
      `/api/sales/orders/${sale}/refunds`,
      { lines: [{ line_id: line?.id, cents: 1150 }], reason: 'a torn bag' },
      { 'idempotency-key': randomUUID() },
    );
    expect([given.status, given.json?.code]).toEqual([200, undefined]);
    const { ref } = await paymentOf(sale);
    await expect
      .poll(async () => (await dashboard().refunds.list({ payment_intent: ref })).data.map((x) => x.amount))
      .toEqual([1150]);
  });
});

describe('a reader', () => {
  test('serves one sale at a time, and says for whom it waits', async () => {
    const counter = await aCounter();
    const { manager, seller, reader, bar } = counter;
    const terrace = (
      await manager.visitor.call('/api/coffee/till', { location_id: bar.location, name: 'Terrace' })
    ).json.data.till_id as string;
    const saved = await manager.visitor.call('/api/coffee/till/readers/changes', {
      reader_id: reader,
      name: 'Shared',
      till_ids: [counter.till, terrace],
    });
    expect(saved.status).toBe(200);
    const sale = randomUUID();
    await send(seller, counter, sale);
    const refused = await send(seller, { bar, till: terrace });
    expect(said(refused)).toEqual([409, 'reader_busy']);
    expect(refused.json.error).toBe(m.refusals.reader_busy({ till: 'Bar' }));
    const ticket = await seller.visitor.get(`/till/${terrace}?line=1~${bar.bag.slug}`);
    expect(wordsOf(ticket)).toContain(m.readers.way.taken({ reader: 'Shared', till: 'Bar' }));
    expect(said(await removal(manager, reader))).toEqual([409, 'reader_busy']);
    await act(seller, 'cancellations', sale);
    expect((await send(seller, { bar, till: terrace })).status).toBe(201);
  });

  test('that is busy or off is a try that failed, with the reason', async () => {
    const counter = await aCounter();
    const sale = randomUUID();
    for (const [code, failure] of [
      ['terminal_reader_offline', 'reader_offline'],
      ['terminal_reader_busy', 'reader_busy'],
    ] as const) {
      await failCalls(counter.ref, { times: 1, status: 400, code });
      const answered =
        failure === 'reader_offline'
          ? send(counter.seller, counter, sale)
          : act(counter.seller, 'tries', sale);
      expect((await answered).json.data).toMatchObject({ phase: 'declined', failure_code: failure });
    }
    await act(counter.seller, 'tries', sale);
    expect((await hold(counter.seller, sale, 'works')).json.data.phase).toBe('sold');
  });

  test('is kept by managers: registered once, renamed, removed and forgotten', async () => {
    const counter = await aCounter();
    const { bar, manager, seller, reader, ref } = counter;
    expect(said(await register(manager, bar.location))).toEqual([409, 'reader_exists']);
    expect(said(await register(manager, bar.location, { name: 'B', code: 'puppies-plug' }))).toEqual([
      422,
      'reader_code_wrong',
    ]);
    expect(said(await register(manager, randomUUID(), { name: 'B' }))).toEqual([404, 'location_not_found']);
    const nowhere = await aBar();
    await failCalls(nowhere.location, {
      times: 1,
      status: 400,
      code: 'terminal_location_country_unsupported',
    });
    expect(said(await register(manager, nowhere.location))).toEqual([422, 'reader_country_unsupported']);
    expect((await register(manager, nowhere.location)).status).toBe(201);
    const page = await manager.visitor.get('/admin/readers');
    expect(wordsOf(page)).toContain('Bar reader');
    for (const who of [seller, await aBuyer(), await aColleague('front_desk')]) {
      expect(said(await register(who, bar.location, { name: 'C' }))).toEqual([403, 'not_your_role']);
      expect((await who.visitor.get('/admin/readers')).status).toBe(403);
    }
    expect((await removal(manager, reader)).status).toBe(200);
    expect(said(await removal(manager, reader))).toEqual([404, 'reader_not_found']);
    expect(said(await send(seller, counter))).toEqual([404, 'reader_not_found']);
    await expect.poll(async () => (await dashboard().terminal.readers.retrieve(ref)).deleted).toBe(true);
  });

  test('is nobody else’s: neither a customer nor who only teaches sends to it, looks, or calls off', async () => {
    const counter = await aCounter();
    const sale = randomUUID();
    await send(counter.seller, counter, sale);
    for (const who of [await aBuyer(), await aColleague('instructor')]) {
      expect((await send(who, counter)).status).toBe(403);
      expect((await act(who, 'cancellations', sale)).status).toBe(403);
      expect((await hold(who, sale, 'works')).status).toBe(403);
      expect((await who.visitor.get(`/till/${counter.till}/reader/${sale}`)).status).toBe(403);
    }
    // A sale that is not at a reader is not there, whoever asks.
    expect(said(await act(counter.seller, 'tries', randomUUID()))).toEqual([404, 'order_not_found']);
    expect((await look(counter.seller, sale)).phase).toBe('waiting');
    await act(counter.seller, 'cancellations', sale);
  });
});

const removal = ({ visitor }: Buyer, reader: string) =>
  visitor.call('/api/coffee/till/readers/removals', { reader_id: reader });

test('the demonstration till gets a simulated reader as a manager would register it, once', async () => {
  const { siteUrl, adminUrl } = inject('stack');
  const till = '88000000-0000-4000-8000-000000000001';
  const at = { siteUrl, databaseUrl: adminUrl };
  expect(await addDemoReader(at)).toBe(true);
  expect(await addDemoReader(at)).toBe(false);
  const manager = await aColleague('manager');
  const kept = (await manager.visitor.get('/api/coffee/till/readers', {})).json.data as {
    reader_id: string;
    simulated: boolean;
    tills: { till_id: string; uses: boolean }[];
  }[];
  const demo = kept.filter(({ tills }) => tills.some(({ till_id }) => till_id === till));
  // Others put tills of their own beside it.
  expect(demo).toEqual([
    expect.objectContaining({
      simulated: true,
      tills: expect.arrayContaining([expect.objectContaining({ till_id: till, uses: true })]),
    }),
  ]);
  const gone = await manager.visitor.call('/api/coffee/till/readers/removals', {
    reader_id: demo[0]?.reader_id,
  });
  expect(gone.status).toBe(200);
  // Who took it away is not contradicted.
  expect(await addDemoReader(at)).toBe(false);
});

describe('a part of a sale at the reader', () => {
  async function aSplit(counter: Counter): Promise<string> {
    const sale = randomUUID();
    const opened = await counter.seller.visitor.call('/api/coffee/till/splits', {
      till_id: counter.till,
      sale_id: sale,
      lines: [{ slug: counter.bar.bag.slug, quantity: 2 }],
    });
    expect(opened.status).toBe(201);
    return sale;
  }
  const ask = (who: Buyer, sale: string, amount_cents?: number, part: string = randomUUID()) =>
    who.visitor.call('/api/coffee/till/reader/parts', { sale_id: sale, part_id: part, amount_cents });
  const splitOf = async (who: Buyer, sale: string) =>
    (await who.visitor.get(`/api/coffee/till/splits/${sale}`, { accept: 'application/json' })).json.data;
  const refOf = async (part: string) =>
    (await sql<{ ref: string }>('select provider_ref as ref from payments.payments where id = $1', [part]))[0]
      ?.ref ?? '';
  const takeRest = (who: Buyer, sale: string, amount_cents?: number) =>
    who.visitor.call(
      '/api/coffee/till/parts',
      { sale_id: sale, way: 'terminal', amount_cents },
      { 'idempotency-key': randomUUID() },
    );

  test('with forms alone: declined and called off the sale is as it was; paid it is a part, and the rest is paid otherwise', async () => {
    const counter = await aCounter();
    const { till, seller } = counter;
    const { visitor } = seller;
    const sale = await aSplit(counter);
    const at = `/till/${till}/open/${sale}`;
    const sent = async () => {
      const shown = (await visitor.get(at)).text;
      const form = /action="\/api\/coffee\/till\/reader\/parts"[\s\S]*?<\/form>/.exec(shown)?.[0] ?? '';
      const fields = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      );
      const reply = await visitor.submit(
        '/api/coffee/till/reader/parts',
        [...fields, ['amount', '5.00']],
        at,
      );
      expect(reply.status).toBe(303);
      return { to: reply.to ?? '', part: reply.to?.split('/').at(-1) ?? '' };
    };
    const first = await sent();
    expect(first.to).toBe(`/till/${till}/reader/${first.part}`);
    expect(wordsOf(await visitor.get(first.to))).toContain('€5.00 Waiting for the card');
    const meanwhile = await visitor.get(at);
    expect(wordsOf(meanwhile)).toContain(m.till.split.askedText({ amount: '€5.00' }));
    expect(meanwhile.text).not.toContain('action="/api/coffee/till/parts"');
    expect((await takeRest(seller, sale, 100)).json.code).toBe('split_at_reader');
    expect((await hold(seller, first.part, 'declined')).json.data).toMatchObject({
      phase: 'declined',
      split_id: sale,
    });
    const over = await visitor.submit(
      '/api/coffee/till/reader/cancellations',
      { sale_id: first.part },
      first.to,
    );
    expect([over.status, over.to]).toEqual([303, at]);
    expect(await splitOf(seller, sale)).toMatchObject({ state: 'placed', due_cents: 2300, parts: [] });
    const gone = await visitor.get(first.to);
    expect(wordsOf(gone)).toContain(m.readers.sale.partCancelled);

    const second = await sent();
    await hold(seller, second.part, 'works');
    const taken = await visitor.get(second.to);
    expect([taken.status, taken.to]).toEqual([303, at]);
    expect(wordsOf(await visitor.get(at))).toContain(`€18.00 of €23.00`);
    expect(await splitOf(seller, sale)).toMatchObject({
      due_cents: 1800,
      parts: [{ way: 'reader', amount_cents: 500 }],
    });
    expect((await takeRest(seller, sale)).json.data).toMatchObject({ state: 'paid', due_cents: 0 });
    const receipt = wordsOf(await visitor.get(`/till/${till}/sold/${sale}`));
    expect(receipt).toContain('Paid with Bank card €5.00 Card at the counter €18.00');
    // Every event once more changes nothing.
    for (const event of await eventsAbout(await refOf(second.part)))
      expect((await deliver(event)).status).toBe(200);
    expect(await splitOf(seller, sale)).toMatchObject({ state: 'paid', due_cents: 0 });
  });

  test('the part that covers the rest sells it when the card is taken, and nobody presses anything', async () => {
    const counter = await aCounter();
    const { seller, bar, ref } = counter;
    const sale = await aSplit(counter);
    await takeRest(seller, sale, 1000);
    const part = randomUUID();
    const sent = await ask(seller, sale, undefined, part);
    expect([sent.status, sent.json.data.total_cents]).toEqual([201, 1300]);
    expect((await ask(seller, sale, undefined, part)).json.data).toEqual(sent.json.data);
    await present(ref);
    await untilOrder(sale, { state: 'paid' });
    expect(await shelf(bar)).toEqual({ on_hand: 3, reserved: 0 });
    expect((await look(seller, part)).phase).toBe('taken');
  });

  test('given back before the sale is sold, it goes back to the card by itself; called off out of reach, no card is asked any more', async () => {
    const counter = await aCounter();
    const { seller, ref } = counter;
    const sale = await aSplit(counter);
    const part = randomUUID();
    await ask(seller, sale, 700, part);
    await hold(seller, part, 'works');
    const back = await seller.visitor.call('/api/coffee/till/parts/returned', { part_id: part });
    expect(back.json.data).toMatchObject({ state: 'placed', due_cents: 2300, parts: [] });
    const intent = await refOf(part);
    await expect
      .poll(async () =>
        (await dashboard().refunds.list({ payment_intent: intent })).data.map((x) => x.amount),
      )
      .toEqual([700]);

    const other = randomUUID();
    await ask(seller, sale, 700, other);
    const waiting = await refOf(other);
    await failCalls(ref, { times: 3, status: 503 });
    expect((await act(seller, 'cancellations', other)).json.data.phase).toBe('cancelled');
    await expect
      .poll(async () => (await dashboard().paymentIntents.retrieve(waiting)).status)
      .toBe('canceled');
    const up = await seller.visitor.call('/api/coffee/till/splits/given-up', { sale_id: sale });
    expect([up.status, up.json?.code]).toEqual([200, undefined]);
  });
});
