/** A fee that is paid at the desk while its member pays it too, or spends the pass that was to settle it. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { aClass, aFee, crowd, givePass, lotus, people, seatsOf, sql } from '../world.ts';
import { connect, waits } from './connections.ts';

interface Ower {
  member: string;
  client: pg.Client;
  desk: pg.Client;
  fee: string;
}
/** Somebody who missed a class and owes 8 €, or a credit, with 20 € in their wallet; and the desk. */
async function anOwer(): Promise<Ower> {
  const [person] = await crowd(1, 'ower');
  const client = await connect(person!.id);
  const member = (await client.query('select api.become_member($1) as id', [lotus])).rows[0].id as string;
  await sql(
    `select ledger.transfer($1, 'wallet_gift', $2, array[ledger.account($1, 'EUR', 'loss', 'gifts'), ledger.account($1, 'EUR', 'wallet', $3)], array[2000::bigint, -2000])`,
    [lotus, randomUUID(), member],
  );
  return { member, client, desk: await connect(people.frontDesk.id), fee: await aFee(member) };
}

type Answer = { state: string } | { refused: string };
async function ask(client: pg.Client, text: string, values: unknown[]): Promise<Answer> {
  try {
    return (await client.query(`select ${text} as answer`, [lotus, ...values, randomUUID()])).rows[0].answer;
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (code.startsWith('PT')) return { refused: message };
    throw error;
  }
}
const take = ({ desk, fee }: Ower, way: string) => ask(desk, 'api.take_fee($1, $2, $3, $4)', [fee, way]);
const pay = ({ client, fee }: Ower, way: string) => ask(client, 'api.pay_fee($1, $2, $3, $4)', [fee, way]);

/** One act, and another that begins before the first has ended. */
async function across(
  [first, act]: [pg.Client, () => Promise<Answer>],
  [second, other]: [pg.Client, () => Promise<Answer>],
  ends: 'commit' | 'rollback' = 'commit',
): Promise<[Answer, Answer]> {
  await first.query('begin');
  const one = await act();
  const waiting = other();
  await expect.poll(() => waits(second)).toBe(true);
  await first.query(ends);
  return [one, await waiting];
}
const payments = (fee: string) =>
  sql<{ provider: string; cents: number }>(
    'select provider, captured_cents::int as cents from payments.payments where order_id = $1 order by attempt',
    [fee],
  );
const walletOf = async (member: string): Promise<number> =>
  (
    await sql<{ n: number }>(
      `select (-balance - reserved)::int as n from ledger.accounts where kind = 'wallet' and owner = $1`,
      [member],
    )
  )[0]?.n ?? 0;
const creditsOf = async (pass: string): Promise<number> =>
  (
    await sql<{ n: number }>('select members.credits_left(p) as n from members.passes p where id = $1', [
      pass,
    ])
  )[0]?.n ?? -1;
const paidOnce = { refused: 'order_paid' };

test('taken in cash while its member pays it from the wallet: the drawer has it, and the wallet keeps its money', async () => {
  const ower = await anOwer();
  const answers = await across(
    [ower.desk, () => take(ower, 'cash')],
    [ower.client, () => pay(ower, 'wallet')],
  );
  expect(answers).toMatchObject([{ state: 'paid' }, paidOnce]);
  expect(await payments(ower.fee)).toEqual([{ provider: 'cash', cents: 800 }]);
  expect(await walletOf(ower.member)).toBe(2000);
});

test('paid from the wallet while the desk is about to take it: the desk is told', async () => {
  const ower = await anOwer();
  const answers = await across(
    [ower.client, () => pay(ower, 'wallet')],
    [ower.desk, () => take(ower, 'terminal')],
  );
  expect(answers).toMatchObject([{ state: 'paid' }, paidOnce]);
  expect(await payments(ower.fee)).toEqual([{ provider: 'wallet', cents: 800 }]);
  expect(await walletOf(ower.member)).toBe(1200);
});

test('who gives up half-way leaves it to the other', async () => {
  const ower = await anOwer();
  const [, second] = await across(
    [ower.client, () => pay(ower, 'wallet')],
    [ower.desk, () => take(ower, 'cash')],
    'rollback',
  );
  expect(second).toMatchObject({ state: 'paid' });
  expect(await payments(ower.fee)).toEqual([{ provider: 'cash', cents: 800 }]);
  expect(await walletOf(ower.member)).toBe(2000);
});

test('two desks and two devices at once, however they pay: one is paid, all others are told', async () => {
  const ower = await anOwer();
  const pass = await givePass(ower.member, 3, false);
  const [otherDesk, otherDevice] = [{ ...ower, desk: await connect(people.manager.id) }, ower];
  const answers = await Promise.all([
    take(ower, 'cash'),
    pay(ower, 'credits'),
    take(otherDesk, 'credits'),
    pay(otherDevice, 'wallet'),
  ]);
  expect(answers.filter((answer) => 'state' in answer)).toHaveLength(1);
  expect(answers.filter((answer) => 'refused' in answer)).toEqual(Array(3).fill(paidOnce));
  const spent = 3 - (await creditsOf(pass));
  const paid = (await payments(ower.fee)).reduce((sum, { cents }) => sum + cents, 0);
  expect([spent, paid]).toEqual(spent ? [1, 0] : [0, 800]);
});

test('the last credit, for a fee at the desk and a class at once, pays for one of them', async () => {
  const ower = await anOwer();
  const pass = await givePass(ower.member, 1, false);
  const session = await aClass();
  const answers = await across(
    [ower.client, () => ask(ower.client, 'api.book_session($1, $2, $4, $3)', [session, 'pass'])],
    [ower.desk, () => take(ower, 'credits')],
  );
  expect(answers[0]).toMatchObject({ state: 'paid' });
  expect(answers[1]).toHaveProperty('refused');
  expect([await creditsOf(pass), (await seatsOf(session)).taken, await payments(ower.fee)]).toEqual([
    0,
    1,
    [],
  ]);
  expect(await take(ower, 'cash')).toMatchObject({ state: 'paid' });
});

test('money from a card page that was open before cash was taken goes back', async () => {
  const ower = await anOwer();
  const { rows } = await ower.client.query('select payment_id, amount_cents from api.begin_payment($1, $2)', [
    lotus,
    ower.fee,
  ]);
  expect(await take(ower, 'cash')).toMatchObject({ state: 'paid' });
  const [event] = await sql<{ outcome: string }>(
    `select api.receive_payment_event('stripe', $1, 'test', now(), $2, '{}') ->> 'outcome' as outcome`,
    [
      randomUUID(),
      {
        kind: 'payment',
        payment_id: rows[0].payment_id,
        intent_ref: `pi_${rows[0].payment_id}`,
        state: 'captured',
        amount_cents: Number(rows[0].amount_cents),
        currency: 'EUR',
      },
    ],
  );
  expect(event).toEqual({ outcome: 'paid_twice' });
  expect(
    await sql('select reason, amount_cents::int as cents from payments.refunds where order_id = $1', [
      ower.fee,
    ]),
  ).toEqual([{ reason: 'paid_twice', cents: 800 }]);
});
