import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { findings, lotus, sql } from '../world.ts';
import { aColleague, wordsOf } from './buyer.ts';
import { anOutsideTill, asked, bags, onShelf, saleOf, sold, tell } from './outside-till.ts';
import { Visitor } from './visitor.ts';
import { messages } from '#platform/i18n/index.ts';

const m = messages('en');
afterEach(async () => expect(await findings()).toEqual([]));

describe('an outside till tells of a sale', () => {
  test('it is an order, paid there, out of stock here; sent again it is answered as the first time', async () => {
    const till = await anOutsideTill();
    const sale = saleOf([...bags(2), { product: 'CUP', quantity: 1, unit_cents: 310 }], {
      tip_cents: 100,
      total_cents: 2710,
    });
    const id = `msg_${randomUUID()}`;
    const first = await tell(till, 'sale.made', sale, { id });
    expect([first.status, first.json.data]).toEqual([
      200,
      { outcome: 'applied', first: true, flags: [], order_id: expect.any(String) },
    ]);
    const again = await tell(till, 'sale.made', sale, { id });
    expect([again.status, again.json.data]).toEqual([200, { ...first.json.data, first: false }]);
    // In another message it is still the same sale.
    const other = await tell(till, 'sale.made', sale);
    expect(other.json.data).toMatchObject({ outcome: 'known', order_id: first.json.data.order_id });
    expect(await sold(till)).toEqual([
      { id: first.json.data.order_id, state: 'closed', channel: 'api', total: 2710, back: 0 },
    ]);
    expect(await onShelf(till)).toBe(8);
    const [paid] = await sql(
      `select p.provider, a.tender from payments.payments p join shop.pos_acts a on a.order_id = p.order_id where p.order_id = $1`,
      [first.json.data.order_id],
    );
    expect(paid).toEqual({ provider: 'outside', tender: 'cash' });
  });

  test('a sale replayed an hour later is refused by that name, and nothing is done', async () => {
    const till = await anOutsideTill();
    const late = await tell(till, 'sale.made', saleOf(bags()), { ago: 3600 });
    expect([late.status, late.json.code]).toEqual([400, 'webhook_too_old']);
    const early = await tell(till, 'sale.made', saleOf(bags()), { ago: -3600 });
    expect([early.status, early.json.code]).toEqual([400, 'webhook_too_new']);
    expect(await sold(till)).toEqual([]);
    const page = await till.manager.visitor.get(`/admin/developers/${till.id}`);
    expect(wordsOf(page)).toContain(m.refusals.webhook_too_old);
  });

  test('a changed body, another’s secret, no signature, an old secret', async () => {
    const till = await anOutsideTill();
    const other = await anOutsideTill();
    const sale = saleOf(bags());
    const code = async (sending: Parameters<typeof tell>[3]) =>
      (await tell(till, 'sale.made', sale, sending)).json.code;
    expect(await code({ instead: JSON.stringify({ type: 'sale.made', data: saleOf(bags(9)) }) })).toBe(
      'webhook_signature_wrong',
    );
    expect(await code({ secret: other.secret })).toBe('webhook_signature_wrong');
    const bare = await new Visitor().call(`/api/coffee/pos?connection=${till.id}`, {});
    expect([bare.status, bare.json.code]).toEqual([400, 'webhook_unsigned']);
    // Replaced: for a day both are good, then only the new one.
    const made = await asked(till, 'secret');
    expect(made.status).toBe(201);
    const fresh = made.json.data.secret as string;
    expect(fresh).not.toBe(till.secret);
    expect([await code({}), await code({ secret: fresh })]).toEqual([undefined, undefined]);
    await sql(
      `update shop.pos_secrets set good_until = now() - interval '1 second' where connection_id = $1 and good_until is not null`,
      [till.id],
    );
    expect([await code({}), await code({ secret: fresh })]).toEqual(['webhook_signature_wrong', undefined]);
    // Somebody else knows it: the old one is off at once.
    const leaked = await asked(till, 'secret', { overlap_hours: 0 });
    expect(await code({ secret: fresh })).toBe('webhook_signature_wrong');
    expect(await code({ secret: leaked.json.data.secret })).toBeUndefined();
    expect((await sold(till)).length).toBe(1);
  });

  test.each([0, -1, 1_000_000_000, 1.5, '2x', null])(
    'quantity %s is refused, kept and shown',
    async (quantity) => {
      const till = await anOutsideTill();
      const reply = await tell(till, 'sale.made', saleOf(bags(quantity)));
      expect([reply.status, reply.json.code]).toEqual([422, 'pos_quantity_invalid']);
      expect([await sold(till), await onShelf(till)]).toEqual([[], 10]);
      const page = await till.manager.visitor.get(`/admin/developers/${till.id}/received`);
      expect(wordsOf(page)).toContain(m.refusals.pos_quantity_invalid);
    },
  );

  test('what it sold is never lost: an unknown product, another price, more than there was', async () => {
    const till = await anOutsideTill({ onShelf: 1 });
    const lines = [
      { product: 'BAG', quantity: 3, unit_cents: 1000 },
      { product: 'CAKE', quantity: 2, unit_cents: 450, label: 'Cake of the day' },
    ];
    const reply = await tell(till, 'sale.made', saleOf(lines, { total_cents: 4000 }));
    expect(reply.json.data).toMatchObject({
      outcome: 'applied',
      flags: ['price_differs', 'product_unknown', 'stock_corrected', 'total_differs'],
    });
    expect(await sold(till)).toMatchObject([{ total: 3900, state: 'closed' }]);
    expect(await onShelf(till)).toBe(0);
    const page = wordsOf(await till.manager.visitor.get(`/admin/developers/${till.id}/received`));
    expect(page).toContain(m.outside.in.flags['product_unknown']);
    expect(page).toContain(m.outside.in.flags['stock_corrected']);
  });

  test('another message under the same id, one that cannot be read, one that is not for us, no such till', async () => {
    const till = await anOutsideTill();
    const id = `msg_${randomUUID()}`;
    await tell(till, 'sale.made', saleOf(bags()), { id });
    const reused = await tell(till, 'sale.made', saleOf(bags()), { id });
    expect([reused.status, reused.json.code]).toEqual([409, 'pos_message_reused']);
    const empty = await tell(till, '', {});
    expect([empty.status, empty.json.code]).toEqual([400, 'webhook_unreadable']);
    const nothing = await tell(till, 'sale.made', { id: 'x', lines: 'none' });
    expect([nothing.status, nothing.json.code]).toEqual([422, 'pos_message_invalid']);
    const moment = await tell(till, 'sale.made', saleOf(bags(), { at: 'yesterday' }));
    expect([moment.status, moment.json.code]).toEqual([422, 'pos_message_invalid']);
    expect((await tell(till, 'weather.changed', {})).json.data).toMatchObject({ outcome: 'ignored' });
    const nobody = await tell({ ...till, id: randomUUID() }, 'sale.made', saleOf(bags()));
    expect([nobody.status, nobody.json.code]).toEqual([404, 'pos_not_found']);
  });

  test('paused it is asked to come again; disconnected it is not known', async () => {
    const till = await anOutsideTill();
    await asked(till, 'state', { state: 'paused' });
    const paused = await tell(till, 'sale.made', saleOf(bags()));
    expect([paused.status, paused.json.code]).toEqual([503, 'pos_paused']);
    expect(paused.headers.get('retry-after')).toBe('600');
    await asked(till, 'state', { state: 'on' });
    expect((await tell(till, 'sale.made', saleOf(bags()))).status).toBe(200);
    await asked(till, 'state', { state: 'ended' });
    expect((await tell(till, 'sale.made', saleOf(bags()))).json.code).toBe('pos_not_found');
    const ended = await asked(till, '', { name: 'Other' });
    expect([ended.status, ended.json.code]).toEqual([409, 'pos_ended']);
  });
});

describe('an outside till gives back', () => {
  test('by piece, in money and the rest; never above what was paid', async () => {
    const till = await anOutsideTill();
    const sale = saleOf([...bags(3), { product: 'CAKE', quantity: 2, unit_cents: 451 }], { tip_cents: 100 });
    await tell(till, 'sale.made', sale);
    const back = async (what: object, id = `R-${randomUUID()}`) => {
      const { status, json } = await tell(till, 'sale.refunded', { id, sale_id: sale.id, ...what });
      return [status, json.code ?? json.data.outcome, json.data?.refund_cents];
    };
    expect(await back({ lines: [{ product: 'BAG', quantity: 4 }] })).toEqual([
      409,
      'refund_above_paid',
      undefined,
    ]);
    expect(await back({ lines: [{ product: 'BAG', quantity: 0 }] })).toEqual([
      422,
      'pos_quantity_invalid',
      undefined,
    ]);
    expect(await back({ lines: [{ product: 'TEA', quantity: 1 }] })).toEqual([
      404,
      'order_line_not_found',
      undefined,
    ]);
    expect(await back({ amount_cents: 4453 })).toEqual([409, 'refund_above_paid', undefined]);
    const one = { lines: [{ product: 'BAG', quantity: 1 }], stock: 'back' };
    expect(await back(one, 'R-1')).toEqual([200, 'applied', 1150]);
    expect(await back(one, 'R-1')).toEqual([200, 'known', undefined]);
    expect(await onShelf(till)).toBe(8);
    expect(await back({ lines: [{ product: 'CAKE', quantity: 1 }] })).toEqual([200, 'applied', 451]);
    expect(await back({ amount_cents: 50 })).toEqual([200, 'applied', 50]);
    expect(await back({})).toEqual([200, 'applied', 4452 - 1150 - 451 - 50]);
    expect(await back({})).toEqual([409, 'refund_above_paid', undefined]);
    expect(await sold(till)).toMatchObject([{ total: 4452, back: 4452 }]);
    // What was not brought back is waste.
    expect(await onShelf(till)).toBe(8);
  });

  test('before its sale is told: it waits, and is done when the sale comes', async () => {
    const till = await anOutsideTill();
    const sale = saleOf(bags(2));
    const early = await tell(till, 'sale.refunded', { id: 'R', sale_id: sale.id });
    expect([early.status, early.json.data.outcome]).toEqual([200, 'waiting']);
    await tell(till, 'sale.made', sale);
    expect(await sold(till)).toMatchObject([{ total: 2300, back: 2300 }]);
  });
});

describe('an outside till moves stock', () => {
  test('a delivery by the box, waste, a count and a correction, each once', async () => {
    const till = await anOutsideTill();
    const move = async (kind: string, product: string, quantity: unknown, id: string = randomUUID()) => {
      const { json } = await tell(till, 'stock.moved', { id, kind, lines: [{ product, quantity }] });
      return [json.code ?? json.data.outcome, json.data?.flags?.join() ?? '', await onShelf(till)];
    };
    expect(await move('delivery', 'BOX', 2, 'M-1')).toEqual(['applied', '', 22]);
    expect(await move('delivery', 'BOX', 2, 'M-1')).toEqual(['known', '', 22]);
    expect(await move('waste', 'BAG', 1)).toEqual(['applied', '', 21]);
    expect(await move('count', 'BAG', 5)).toEqual(['applied', '', 5]);
    expect(await move('correction', 'BAG', -2)).toEqual(['applied', '', 3]);
    expect(await move('waste', 'BAG', 4)).toEqual(['applied', 'stock_corrected', 0]);
    expect(await move('count', 'BAG', 0)).toEqual(['applied', '', 0]);
    for (const quantity of [0, -1, 1_000_000_000])
      expect(await move('delivery', 'BAG', quantity)).toEqual(['pos_quantity_invalid', '', 0]);
    expect(await move('correction', 'BAG', 0)).toEqual(['pos_quantity_invalid', '', 0]);
    expect(await move('borrowing', 'BAG', 1)).toEqual(['pos_message_invalid', '', 0]);
  });

  test('an id nobody knows is refused and kept; once somebody says what it is, it is taken in with a tap', async () => {
    const till = await anOutsideTill();
    const moved = { id: 'M', kind: 'delivery', lines: [{ product: 'SACK', quantity: 1 }] };
    const reply = await tell(till, 'stock.moved', moved);
    expect([reply.status, reply.json.code]).toEqual([404, 'pos_item_unknown']);
    const page = `/admin/developers/${till.id}/received`;
    const shown = await till.manager.visitor.get(page);
    expect(wordsOf(shown)).toContain('Nobody has said yet what “SACK” is here.');
    const again = /action="(\/api\/coffee\/pos\/received\/\d+\/again)"/.exec(shown.text)?.[1] ?? '';
    const still = await till.manager.visitor.submit(again, {}, page);
    expect([still.status, wordsOf(still)]).toEqual([404, expect.stringContaining('SACK')]);
    await asked(till, 'links', { outside_id: 'SACK', stock_item_id: till.bar.bag.item, units: 30 });
    const done = await till.manager.visitor.submit(again, {}, page);
    expect([done.status, done.to]).toEqual([303, page]);
    expect(await onShelf(till)).toBe(40);
    expect((await till.manager.visitor.submit(again, {}, page)).status).toBe(303);
    expect(await onShelf(till)).toBe(40);
  });
});

describe('who keeps outside tills', () => {
  test('managers, with a form too: the secret is on the page that answers and on no other', async () => {
    const till = await anOutsideTill();
    const { visitor } = till.manager;
    const name = `Form ${randomUUID().slice(0, 8)}`;
    const fields = { location_id: till.bar.location, name, url: '', events: 'order.paid' };
    const made = await visitor.submit('/api/coffee/pos/connections', fields, '/admin/developers');
    expect(made.status).toBe(201);
    const secret = /value="(whsec_[^"]+)"/.exec(made.text)?.[1] ?? '';
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    const list = await visitor.get('/admin/developers');
    expect(wordsOf(list)).toContain(name);
    const again = await visitor.submit('/api/coffee/pos/connections', fields, '/admin/developers');
    expect([again.status, wordsOf(again)]).toEqual([409, expect.stringContaining(m.refusals.pos_exists)]);
    const id = /admin\/developers\/([0-9a-f-]{36})/.exec(made.text)?.[1] ?? '';
    for (const page of ['', '/received', '/sent']) {
      const reply = await visitor.get(`/admin/developers/${id}${page}`);
      expect([reply.status, reply.text.includes('whsec_')]).toEqual([200, false]);
    }
    const [kept] = await sql('select count(*)::int as n from audit.events where detail::text like $1', [
      '%whsec_%',
    ]);
    expect(kept).toEqual({ n: 0 });
  });

  test('not baristas, nor managers elsewhere', async () => {
    const till = await anOutsideTill();
    const barista = await aColleague('barista');
    const refused = await barista.visitor.call(`/api/coffee/pos/connections/${till.id}/tests`, {});
    expect([refused.status, refused.json.code]).toEqual([403, 'not_your_role']);
    expect((await barista.visitor.get('/admin/developers')).status).toBe(403);
    const said = await till.manager.visitor.call('/api/coffee/pos/connections', {
      location_id: till.bar.location,
      name: 'X',
      url: 'ftp://till.example/',
    });
    expect([said.status, said.json.code]).toEqual([422, 'pos_url_invalid']);
    const unknown = await till.manager.visitor.get(`/api/coffee/pos/connections/${randomUUID()}`, {
      accept: 'application/json',
    });
    expect([unknown.status, unknown.json.code]).toEqual([404, 'pos_not_found']);
    expect(lotus).toBeTruthy();
  });

  test('the API document says how to sign and what can be told', async () => {
    const { json } = await new Visitor().get('/api/openapi.json', { accept: 'application/json' });
    const { post } = json.paths['/api/coffee/pos'];
    expect(post.parameters.map(({ name }: { name: string }) => name)).toEqual([
      'connection',
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ]);
    expect(JSON.stringify(post.requestBody)).toContain('sale.refunded');
  });
});
