/**
 * A bar of one's own at Lotus & Bean: a location and counter nobody else uses, open round the clock, with products that
 * only it sells. What is ordered names its `location`.
 */
import { randomUUID } from 'node:crypto';
import { allAtOnce, lotus, sql } from './world.ts';

export interface Bar {
  location: string;
  /** Made at the bar: 310 cents, 60 seconds, a milk to choose (whole, or oat for 40 more), two extra shots at 80 each. */
  coffee: { id: string; slug: string; whole: string; oat: string; shot: string };
  /** Off the shelf: 1,150 cents, nobody's time, and as many of it as `onShelf`. */
  bag: { id: string; slug: string; item: string };
}

/** `slotSeconds`: a barista's in each five minutes; `onShelf`: how many bags there are. */
export async function aBar({ slotSeconds = 3000, onShelf = 100, leadMinutes = 0 } = {}): Promise<Bar> {
  const tag = randomUUID().slice(0, 8);
  const id = () => randomUUID();
  const bar: Bar = {
    location: id(),
    coffee: { id: id(), slug: `coffee-${tag}`, whole: id(), oat: id(), shot: id() },
    bag: { id: id(), slug: `bag-${tag}`, item: id() },
  };
  const [milks, extras] = [id(), id()];
  await allAtOnce(async (run) => {
    await run('insert into business.locations (id, business_id, name) values ($1, $2, $3)', [
      bar.location,
      lotus,
      `Bar ${tag}`,
    ]);
    await run(
      `insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, days_ahead, position)
       values ($1, $2, (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 5, $3, $4, 7, 1000)`,
      [bar.location, lotus, slotSeconds, leadMinutes],
    );
    await run(
      `insert into shop.products (id, business_id, category_id, slug, kind, name, picture, price_cents, tax_rate_bp, make_seconds, published)
       select x.id, $1, c.id, x.slug, x.kind, jsonb_build_object('en', x.name, 'es', x.name), x.picture, x.price, 1000, x.seconds, true
       from (values ($2::uuid, $3::text, 'made', 'Coffee ' || $6::text, 'drink/flat-white', 310, 60), ($4::uuid, $5::text, 'retail', 'Bag ' || $6::text, 'shelf/beans', 1150, 0)) x (id, slug, kind, name, picture, price, seconds)
       cross join lateral (select k.id from shop.categories k where k.business_id = $1 order by k.position limit 1) c`,
      [lotus, bar.coffee.id, bar.coffee.slug, bar.bag.id, bar.bag.slug, tag],
    );
    // Only here: nobody else's menu shows them. A counter that its test takes away stays until this is done, or is gone before.
    await run(
      `insert into shop.not_offered (business_id, location_id, product_id)
       select $1, c.location_id, p from (select x.location_id from shop.counters x join business.locations l on l.id = x.location_id where x.business_id = $1 and x.location_id <> $3 for key share of l) c cross join unnest($2::uuid[]) p on conflict do nothing`,
      [lotus, [bar.coffee.id, bar.bag.id], bar.location],
    );
    // Nor does it sell what other tests' bars do, of which there are a hundred in a whole run.
    await run(
      `insert into shop.not_offered (business_id, location_id, product_id)
       select p.business_id, $2, p.id from shop.products p where p.business_id = $1 and p.slug ~ '^(coffee|bag)-[0-9a-f]{8}$' and p.id <> all ($3::uuid[]) on conflict do nothing`,
      [lotus, bar.location, [bar.coffee.id, bar.bag.id]],
    );
    await run(
      `insert into shop.modifier_groups (id, business_id, name, min_choices, max_choices, position) values ($1, $3, '{"en": "Milk", "es": "Leche"}', 1, 1, 1), ($2, $3, '{"en": "Extras", "es": "Extras"}', 0, 2, 2)`,
      [milks, extras, lotus],
    );
    await run(
      `insert into shop.modifiers (id, business_id, group_id, name, price_cents, make_seconds, max_each, is_default, position) values
         ($1, $4, $5, '{"en": "Whole milk", "es": "Leche entera"}', 0, 0, 1, true, 1), ($2, $4, $5, '{"en": "Oat", "es": "Avena"}', 40, 5, 1, false, 2), ($3, $4, $6, '{"en": "Extra shot", "es": "Carga extra"}', 80, 20, 2, false, 1)`,
      [bar.coffee.whole, bar.coffee.oat, bar.coffee.shot, lotus, milks, extras],
    );
    await run(
      `insert into shop.product_modifier_groups (business_id, product_id, group_id, position) values ($1, $2, $3, 1), ($1, $2, $4, 2)`,
      [lotus, bar.coffee.id, milks, extras],
    );
    await run(
      `insert into shop.stock_items (id, business_id, name, unit, unit_cost) values ($1, $2, $3, 'piece', 620)`,
      [bar.bag.item, lotus, JSON.stringify({ en: `Bags ${tag}` })],
    );
    await run(
      `insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity) values ($1, $2, $3, 1)`,
      [lotus, bar.bag.id, bar.bag.item],
    );
    if (onShelf > 0)
      await run(`select shop.move_stock($1, $2, 'delivery', $3, array[$4::uuid], array[$5::bigint])`, [
        lotus,
        bar.location,
        `delivery:${tag}`,
        bar.bag.item,
        onShelf,
      ]);
  });
  return bar;
}

export interface Ordered {
  order: string;
  ticket: string;
  /** What is called out. */
  number: number;
  /** In the order in which they were asked for. */
  lines: string[];
}

/**
 * A paid order on the board of a bar: as if its buyer had come back from the payment page. `who` has an account here;
 * `lines` and `facts` as api.order_products takes them, a coffee to take away when nothing is said.
 */
export const anOrder = (
  bar: Bar,
  who: { id: string },
  lines: object[] = [{ slug: bar.coffee.slug }],
  facts: object = {},
): Promise<Ordered> =>
  allAtOnce(async (run) => {
    await run(`select set_config('request.jwt.claims', $1, true)`, [
      JSON.stringify({ sub: who.id, role: 'authenticated' }),
    ]);
    const [placed] = await run<{ id: string }>(
      `select (api.order_products($1, gen_random_uuid()::text, $2, $3) ->> 'order_id')::uuid as id`,
      [lotus, JSON.stringify(lines), JSON.stringify({ location_id: bar.location, ...facts })],
    );
    await run(
      `select api.receive_payment_event('stripe', 'ev-' || p.payment_id, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', p.payment_id, 'intent_ref', 'pi_' || p.payment_id, 'state', 'captured', 'amount_cents', p.amount_cents, 'currency', p.currency), '{}')
       from api.begin_payment($1, $2) p`,
      [lotus, placed?.id],
    );
    const [made] = await run<Ordered>(
      `select t.order_id as order, t.id as ticket, t.call_number as number, array(select l.id::text from sales.order_lines l where l.order_id = t.order_id and l.kind = 'product' order by l.position) as lines
       from shop.tickets t where t.order_id = $1`,
      [placed?.id],
    );
    if (!made) throw new Error('The order is on no board');
    return made;
  });

/** How tickets stand, in the order asked for. */
export const standingOf = async (...tickets: string[]): Promise<string[]> => {
  const rows = await sql<{ id: string; state: string }>(
    'select id, state from shop.tickets where id = any ($1)',
    [tickets],
  );
  return tickets.map((id) => rows.find((row) => row.id === id)?.state ?? 'gone');
};
