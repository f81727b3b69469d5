/** A past of the bar to measure in front of: paid and collected orders with their lines, tickets, steps, stock, payments and ledger entries. */
import { lotus } from '../measure.ts';
import { loadMembers, loadPast, loadSales } from './loading.ts';

/** Where most of it goes. */
const tables = [
  'sales.orders',
  'sales.order_lines',
  'shop.tickets',
  'shop.ticket_steps',
  'shop.stock_movements',
  'payments.payments',
  'ledger.transfers',
  'ledger.entries',
];

/** Ids that grow, so that the indexes of keys are written from left to right: four times as fast as random ones. */
const id = (kind: string) => `(lpad(to_hex(i), 8, '0') || '-000${kind}-4000-8000-0000000000aa')::uuid`;

/** What each order is: one bag of 11.50 with a tenth of tax, paid by card, 20,000 members in turn, spread over two years that end yesterday. */
const plan = `create temporary table h on commit drop as
  select x.*, (x.at at time zone 'Europe/Madrid')::date as on_date, extract(year from x.at at time zone 'Europe/Madrid')::int as year,
    row_number() over (partition by (x.at at time zone 'Europe/Madrid')::date order by x.i) as nth_of_day, row_number() over (partition by extract(year from x.at at time zone 'Europe/Madrid') order by x.i) as nth_of_year
  from (select i, ${id('1')} as order_id, ${id('2')} as line_id, ${id('3')} as payment_id, ${id('4')} as ticket_id, m.id as member_id,
      now() - interval '1 day' - ($1::int - i) * (interval '730 days' / $1::int) as at
    from generate_series(1, $1::int) i join h_members m on m.n = (i * 7) % 20000) x`;

/** The parts of it, each in one statement. $1: the business. */
const parts = [
  `insert into sales.orders (id, business_id, member_id, reference, number, state, channel, currency, tax_cents, total_cents, placed_at, payment_confirmed_at, hold_expires_at, location_id, serving, ready_by, created_at)
     select h.order_id, $1::uuid, h.member_id, 'P' || lpad(i::text, 7, '0'), h.year || '-' || lpad((coalesce(n.last, 0) + nth_of_year)::text, greatest(6, length((coalesce(n.last, 0) + nth_of_year)::text)), '0'), 'closed', 'web', 'EUR', 105, 1150, at, at, at, k.location_id, 'takeaway', at, at
     from h cross join h_bar k left join sales.order_numbers n on n.business_id = $1::uuid and n.year = h.year`,
  `insert into sales.order_numbers as n (business_id, year, last) select $1::uuid, year, max(nth_of_year) from h group by year
     on conflict on constraint order_numbers_pkey do update set last = n.last + excluded.last`,
  `insert into sales.order_lines (id, business_id, order_id, position, kind, product_id, stock, label, unit_price_cents, tax_rate_bp, tax_cents, total_cents, state)
     select line_id, $1::uuid, order_id, 1, 'product', k.product_id, jsonb_build_array(jsonb_build_object('item', k.item_id, 'quantity', 1)), '{"en": "House beans", "es": "Café de la casa"}', 1150, 1000, 105, 1150, 'fulfilled' from h cross join h_bar k`,
  `insert into shop.tickets (id, business_id, location_id, order_id, on_date, call_number, state, name, ready_by, make_seconds, opened_at, ready_at, closed_at, version)
     select ticket_id, $1::uuid, k.location_id, order_id, on_date, 1000000 + nth_of_day, 'collected', 'Past', at, 0, at, at, at, 3 from h cross join h_bar k`,
  `insert into shop.ticket_steps (business_id, ticket_id, from_state, to_state, at) select $1::uuid, ticket_id, null, 'placed', at from h union all select $1::uuid, ticket_id, 'placed', 'collected', at from h`,
  `insert into shop.stock_movements (business_id, location_id, stock_item_id, kind, quantity, balance_after, unit_cost, source, at)
     select $1::uuid, k.location_id, k.item_id, 'delivery', count(*), count(*), 500, 'delivery:past', min(at) from h cross join h_bar k group by k.location_id, k.item_id`,
  `insert into shop.stock_movements (business_id, location_id, stock_item_id, kind, quantity, balance_after, unit_cost, order_line_id, source, at)
     select $1::uuid, k.location_id, k.item_id, 'sale', -1, (select count(*) from h) - h.i, 500, line_id, 'sale:' || line_id, at from h cross join h_bar k`,
  `insert into payments.payments (id, business_id, order_id, provider, attempt, provider_ref, intent_ref, state, amount_cents, currency, captured_cents, created_at)
     select payment_id, $1::uuid, order_id, 'stripe', 1, 'bar_cs_' || i, 'bar_pi_' || i, 'captured', 1150, 'EUR', 1150, at from h`,
];

/**
 * Loads `size` past orders of Lotus & Bean, so that `api.audit_ledger()` still finds nothing. Points are left out: a member's own
 * are few whatever the business sold.
 */
export const loadOrders = (adminUrl: string, size: number): Promise<void> =>
  loadPast(adminUrl, tables, async (run) => {
    await loadMembers(run, 'Guest', 20_000);
    await run(
      `create temporary table h_bar on commit drop as
         select c.location_id, p.id as product_id, gen_random_uuid() as item_id from shop.counters c cross join lateral (select id from shop.products where business_id = $1::uuid and kind = 'retail' limit 1) p where c.business_id = $1::uuid order by c.position limit 1`,
      lotus,
    );
    await run(
      `insert into shop.stock_items (id, business_id, name, unit, unit_cost) select item_id, $1::uuid, '{"en": "Past beans"}', 'piece', 500 from h_bar`,
      lotus,
    );
    await run(
      `insert into shop.stock_levels (business_id, location_id, stock_item_id) select $1::uuid, location_id, item_id from h_bar`,
      lotus,
    );
    await run(plan, size);
    await run('analyze h');
    for (const part of parts) await run(part, ...(part.includes('$1') ? [lotus] : []));
    await loadSales(run, [
      { kind: 'clearing', owner: 'stripe', cents: 1150 },
      { kind: 'revenue', owner: 'shop', cents: -1045 },
      { kind: 'tax', owner: '1000', cents: -105 },
    ]);
  });
