import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { findings, lotus, sql } from '../world.ts';

const account = async (kind: string, owner: string) =>
  (await sql<{ id: string }>(`select ledger.account($1, 'EUR', $2, $3) as id`, [lotus, kind, owner]))[0]!.id;
/** What the law on money with the provider does not see: these tests move only between wallets and costs. */
const pair = async () => {
  const owner = `test-${randomUUID()}`;
  return [await account('loss', owner), await account('wallet', owner)] as const;
};
const transfer = (
  ids: readonly string[],
  amounts: number[],
  source: string = randomUUID(),
  state = 'posted',
) =>
  sql<{ id: string }>(`select ledger.transfer($1, 'test', $2, $3, $4, $5) as id`, [
    lotus,
    source,
    ids,
    amounts,
    state,
  ]);
const balances = async (ids: readonly string[]) =>
  (
    await sql<{ balance: string }>('select balance from ledger.accounts where id = any($1) order by id', [
      ids,
    ])
  ).map(({ balance }) => Number(balance));

test('any sequence of transfers sums to zero and every entry follows from the one before', async () => {
  const ids = await pair();
  let expected = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), fc.boolean(), async (amount, back) => {
      const signed = back && expected >= amount ? -amount : amount;
      await transfer(ids, [signed, -signed]);
      expected += signed;
      // Not -expected: the opposite of nothing would be another nothing.
      expect(await balances(ids)).toEqual([expected, 0 - expected]);
    }),
    { numRuns: 40 },
  );
  expect(await findings()).toEqual([]);
});

test('a transfer that does not sum to zero is not written', async () => {
  const ids = await pair();
  await expect(transfer(ids, [100, -99])).rejects.toThrow('does not sum to zero');
  expect(await balances(ids)).toEqual([0, 0]);
});

test('nothing is credited twice', async () => {
  const ids = await pair();
  const source = randomUUID();
  await transfer(ids, [500, -500], source);
  await expect(transfer(ids, [500, -500], source)).rejects.toMatchObject({ code: '23505' });
  expect(await balances(ids)).toEqual([500, -500]);
});

test('nobody spends more than they have, also not by two promises at once', async () => {
  const [loss, wallet] = await pair();
  await transfer([loss, wallet], [1000, -1000]);
  await transfer([loss, wallet], [-700, 700], randomUUID(), 'pending');
  await expect(transfer([loss, wallet], [-400, 400])).rejects.toMatchObject({
    code: 'PT409',
    message: 'not_enough_balance',
  });
  await transfer([loss, wallet], [-300, 300]);
  expect(await balances([loss, wallet])).toEqual([700, -700]);
  expect(await findings()).toEqual([]);
});

test('a promise is kept whole, kept in part or given up, and only once', async () => {
  const ids = await pair();
  await transfer(ids, [1000, -1000]);
  const promise = async (amount: number) =>
    (await transfer(ids, [-amount, amount], randomUUID(), 'pending'))[0]!.id;
  const [whole, part, none] = [await promise(100), await promise(200), await promise(300)];
  await sql('select ledger.settle($1, true)', [whole]);
  await sql('select ledger.settle($1, true, $2)', [part, [-50, 50]]);
  await sql('select ledger.settle($1, false)', [none]);
  expect(await balances(ids)).toEqual([850, -850]);
  await expect(sql('select ledger.settle($1, true)', [none])).rejects.toMatchObject({
    message: 'transfer_settled_before',
  });
  expect(await findings()).toEqual([]);
});

test('a reversal is the exact opposite, once', async () => {
  const ids = await pair();
  const [made] = await transfer(ids, [123, -123]);
  await sql(`select ledger.reverse($1, 'test_reversed', $2)`, [made!.id, randomUUID()]);
  expect(await balances(ids)).toEqual([0, 0]);
  await expect(
    sql(`select ledger.reverse($1, 'test_reversed', $2)`, [made!.id, randomUUID()]),
  ).rejects.toMatchObject({ code: '23505' });
});

test('entries can neither be changed nor deleted', async () => {
  await expect(sql('update ledger.entries set amount = 1')).rejects.toThrow('append-only');
  await expect(sql('delete from ledger.entries')).rejects.toThrow('append-only');
  await expect(sql(`update ledger.transfers set state = 'voided' where state = 'posted'`)).rejects.toThrow(
    'never edited',
  );
});
