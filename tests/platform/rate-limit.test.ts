import './settings.ts';
import { expect, test } from 'vitest';
import { limits, secondsToWait } from '#platform/http/rate-limit.ts';

test('guessing and money are held tighter than reading', () => {
  expect(limits.auth.member).toBeLessThan(limits.money.member);
  expect(limits.money.member).toBeLessThan(limits.booking.member);
  expect(limits.booking.member).toBeLessThan(limits.write.member);
  expect(limits.write.member).toBeLessThan(limits.read.member);
});

test('as many as the table says go through in a minute, then it is told how long to wait', async () => {
  for (let i = 0; i < limits.money.member; i++) expect(await secondsToWait('money', 'member', 'ana')).toBe(0);
  const wait = await secondsToWait('money', 'member', 'ana');
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  expect(await secondsToWait('money', 'member', 'bea')).toBe(0);
  expect(await secondsToWait('booking', 'member', 'ana')).toBe(0);
});

test('one IPv6 line is one visitor, however many addresses it uses', async () => {
  let wait = 0;
  for (let i = 0; i <= limits.auth.address; i++)
    wait = await secondsToWait('auth', 'address', `2001:db8:1:2::${i.toString(16)}`);
  expect(wait).toBeGreaterThan(0);
});
