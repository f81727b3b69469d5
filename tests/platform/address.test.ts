import { expect, test } from 'vitest';
import { limitKey, visitorAddress } from '#platform/http/address.ts';

test('without a proxy, the header a visitor may write themselves is not looked at', () => {
  expect(visitorAddress('9.9.9.9', '10.0.0.1', 0)).toBe('10.0.0.1');
});

test('behind one proxy, the address is the one that proxy saw', () => {
  expect(visitorAddress('6.6.6.6, 8.8.8.8', '10.0.0.1', 1)).toBe('8.8.8.8');
});

test('behind two proxies, what the visitor put in front is passed over', () => {
  expect(visitorAddress('6.6.6.6, 8.8.8.8, 10.1.1.1', '10.0.0.1', 2)).toBe('8.8.8.8');
});

test('a header that is not addresses falls back to the connection', () => {
  expect(visitorAddress('<script>', '::ffff:10.0.0.1', 1)).toBe('10.0.0.1');
  expect(visitorAddress('8.8.8.8:4711', undefined, 1)).toBe('8.8.8.8');
  expect(visitorAddress('[2001:DB8::1]:4711', undefined, 1)).toBe('2001:db8::1');
  expect(visitorAddress(null, undefined, 1)).toBe('unknown');
});

test('all addresses of one IPv6 line count as one visitor', () => {
  expect(limitKey('2001:db8:0:1:aaaa::1')).toBe(limitKey('2001:db8::1:bbbb:0:0:2'));
  expect(limitKey('2001:db8:0:1::1')).not.toBe(limitKey('2001:db8:0:2::1'));
  expect(limitKey('10.0.0.1')).toBe('10.0.0.1');
});
