/** What pages are shown about: a member with orders in every state, a class that is full, a cart's worth of classes. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';

export interface Studio {
  classSlug: string;
  teacher: string;
  openSession: string;
  fullSession: string | null;
  /** Something from the bar that asks for a choice. */
  product: string;
  /** Two classes on different days, for a cart. */
  cart: [string, string];
}

/** Orders of one member, each in the state its name says, and their bookings. */
export interface Dealings {
  toPay: string;
  declined: string;
  confirming: string;
  paid: string;
  paidBooking: string;
  expired: string;
  cancelled: string;
  calledOff: string;
  calledOffBooking: string;
  lateBooking: string;
  been: string;
}

type Row = Record<string, string>;

/** The weekly classes of the seed: others' classes come and go, are called off or full by the time a page shows them. */
const seeded = `s.series_id::text like '70000000-%'`;

export function openBooks(databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const rows = async (text: string, values: unknown[] = []) => (await pool.query<Row>(text, values)).rows;
  const one = async (text: string, values: unknown[] = []) => {
    const [row] = await rows(text, values);
    if (!row) throw new Error(`Nothing was found by ${text}`);
    return row;
  };

  /** As the person, all in one transaction. */
  async function inTransaction<Result>(
    person: string,
    act: (ask: (text: string, values: unknown[]) => Promise<Row>) => Promise<Result>,
  ): Promise<Result> {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('request.jwt.claims', $1, true)`, [
        JSON.stringify({ sub: person, role: 'authenticated' }),
      ]);
      const result = await act(async (text, values) => (await client.query<Row>(text, values)).rows[0] ?? {});
      await client.query('commit');
      return result;
    } finally {
      client.release(true);
    }
  }
  const as = (person: string, text: string, values: unknown[]) =>
    inTransaction(person, (ask) => ask(text, values));

  async function studioOf(business: string): Promise<Studio> {
    const coming = await rows(
      `select s.id, t.slug, i.slug as teacher, (s.seats_taken >= s.capacity)::text as is_full from booking.sessions s
       join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id
       where s.business_id = $1 and ${seeded} and s.state = 'scheduled' and s.starts_at > now() + interval '30 hours' order by s.starts_at, s.id`,
      [business],
    );
    const free = coming.filter((row) => row['is_full'] === 'false');
    const [first, , third, , , sixth] = free;
    if (!first || !third || !sixth) throw new Error('The seed has too few classes');
    const product = await one(
      `select p.slug from shop.products p join shop.product_modifier_groups g on g.product_id = p.id
       where p.business_id = $1 and p.published and p.kind = 'made' and p.id::text like '83000000%' group by p.id order by count(*) desc, p.position limit 1`,
      [business],
    );
    return {
      classSlug: first['slug']!,
      teacher: first['teacher']!,
      openSession: first['id']!,
      fullSession: coming.find((row) => row['is_full'] === 'true')?.['id'] ?? null,
      product: product['slug']!,
      cart: [third['id']!, sixth['id']!],
    };
  }

  async function dealingsOf(business: string, person: string): Promise<Dealings> {
    // One a day, so that none overlaps another.
    const sessions = await rows(
      `select distinct on (s.starts_at::date) s.id from booking.sessions s
       where s.business_id = $1 and ${seeded} and s.state = 'scheduled' and s.seats_taken < s.capacity
         and s.starts_at > now() + interval '10 days' and s.price_cents > 0
       order by s.starts_at::date, s.starts_at, s.id limit 12`,
      [business],
    );
    const book = async () => {
      const session = sessions.shift()?.['id'];
      const placed = await as(person, `select (api.book_session($1, $2, $3) ->> 'order_id') as id`, [
        business,
        session,
        randomUUID(),
      ]);
      const line = await one(
        `select b.id from booking.bookings b join sales.order_lines l on l.id = b.order_line_id where l.order_id = $1`,
        [placed['id']],
      );
      return { order: placed['id']!, booking: line['id']!, session: session! };
    };
    const pay = async (state: string, more: object = {}) => {
      const booked = await book();
      const begun = await as(person, 'select * from api.begin_payment($1, $2)', [business, booked.order]);
      const ref = `cs_shots_${begun['payment_id']}`;
      await rows('select api.attach_payment($1, $2, $3, null)', [begun['payment_id'], ref, `pi_${ref}`]);
      // The provider knows nothing of it: so old, the job that asks there how payments stand leaves it alone.
      await rows(`update payments.payments set created_at = created_at - interval '3 days' where id = $1`, [
        begun['payment_id'],
      ]);
      const facts = {
        kind: 'payment',
        payment_id: begun['payment_id'],
        state,
        amount_cents: Number(begun['amount_cents']),
        currency: begun['currency'],
        ...more,
      };
      await rows(`select api.receive_payment_event('stripe', $1, 'shots', now(), $2, '{}')`, [ref, facts]);
      return booked;
    };
    const toPay = await book();
    const declined = await pay('failed', {
      failure_code: 'insufficient_funds',
      failure_message: 'Your card has insufficient funds.',
    });
    const confirming = await pay('processing');
    const paid = await pay('captured');
    const expired = await book();
    await rows(
      `with o as (update sales.orders set hold_expires_at = now() - interval '1 minute' where id = $1 returning id)
       update booking.bookings set held_until = now() - interval '1 minute' where id = $2`,
      [expired.order, expired.booking],
    );
    await rows('select api.expire_holds()');
    const cancelled = await book();
    await as(person, 'select api.cancel_order($1, $2)', [business, cancelled.order]);
    const calledOff = await pay('captured');
    // The provider's word about the refund comes before anybody can ask for it: it does not know this payment.
    await inTransaction(person, async (ask) => {
      await ask('select api.cancel_booking($1, $2, $3)', [business, calledOff.booking, randomUUID()]);
      const refund = await ask('select id, payment_id from payments.refunds where order_id = $1', [
        calledOff.order,
      ]);
      await ask(`select api.receive_payment_event('stripe', $1, 'shots', now(), $2, '{}')`, [
        `re_${refund['id']}`,
        {
          kind: 'refund',
          payment_id: refund['payment_id'],
          refund_id: refund['id'],
          refund_ref: `re_${refund['id']}`,
          refund_state: 'succeeded',
        },
      ]);
    });
    const late = await pay('captured');
    await rows(`update booking.bookings set free_cancel_until = now() - interval '1 hour' where id = $1`, [
      late.booking,
    ]);
    const been = await pay('captured');
    await rows(
      `with moved as (update booking.sessions set starts_at = starts_at - interval '728 days', ends_at = ends_at - interval '728 days' where id = $1 returning starts_at)
       update booking.bookings b set starts_at = moved.starts_at from moved where b.id = $2`,
      [been.session, been.booking],
    );
    return {
      toPay: toPay.order,
      declined: declined.order,
      confirming: confirming.order,
      paid: paid.order,
      paidBooking: paid.booking,
      expired: expired.order,
      cancelled: cancelled.order,
      calledOff: calledOff.order,
      calledOffBooking: calledOff.booking,
      lateBooking: late.booking,
      been: been.order,
    };
  }

  const personOf = async (email: string) =>
    (await one('select id from auth.users where email = $1', [email]))['id']!;

  /** Somebody as a member, and the first of whom they look after. */
  async function familyOf(business: string, email: string): Promise<[member: string, child: string]> {
    const found = await one(
      `select m.id, (select d.id from members.members d where d.guardian_id = m.id order by d.created_at limit 1) as child
       from members.members m join auth.users u on u.id = m.user_id where m.business_id = $1 and u.email = $2`,
      [business, email],
    );
    return [found['id']!, found['child']!];
  }

  /** The last letter that was sent to a member. */
  const letterOf = async (business: string, member: string): Promise<string> =>
    (
      await one(
        `select e.id from messages.emails e where e.business_id = $1 and e.member_id = $2 and e.state = 'sent' order by e.created_at desc limit 1`,
        [business, member],
      )
    )['id']!;

  /** The pass that was used most of those of the seed's people, and whose it is. */
  async function passOf(business: string): Promise<{ email: string; pass: string }> {
    const found = await one(
      `select u.email, p.id from members.passes p join members.members m on m.id = p.member_id join auth.users u on u.id = m.user_id
       join ledger.accounts a on a.owner = p.id::text and a.kind = 'credits' where p.business_id = $1 and u.id::text like '30000000-%' order by a.version desc, p.created_at, p.id limit 1`,
      [business],
    );
    return { email: found['email']!, pass: found['id']! };
  }

  /** The next class of which somebody owes a fee, else the next one with people in it. */
  const deskOf = async (business: string): Promise<string> =>
    (
      await one(
        `select s.id from booking.sessions s join booking.bookings b on b.business_id = s.business_id and b.session_id = s.id and b.state = 'confirmed'
         left join sales.orders o on o.business_id = b.business_id and o.member_id = b.member_id and o.state = 'placed' and o.hold_expires_at is null
         where s.business_id = $1 and s.state = 'scheduled' and s.starts_at > now() group by s.id order by count(o.id) = 0, s.starts_at limit 1`,
        [business],
      )
    )['id']!;

  return { studioOf, deskOf, dealingsOf, personOf, familyOf, letterOf, passOf, close: () => pool.end() };
}
