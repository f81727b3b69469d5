/** Where a visitor comes from. */
import { isIP } from 'node:net';

/** An IP address as text without port, brackets or the IPv4-in-IPv6 prefix; null when it is none. */
export function plainAddress(text: string | null | undefined): string | null {
  if (!text) return null;
  let bare = text.trim().replace(/^::ffff:(?=\d+\.)/i, '');
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(bare);
  if (bracketed?.[1]) bare = bracketed[1];
  else if (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(bare)) bare = bare.slice(0, bare.indexOf(':'));
  return isIP(bare) ? bare.toLowerCase() : null;
}

/**
 * The visitor's address behind `proxies` proxies, each of which appended what it saw to X-Forwarded-For. Entries
 * further left were sent by the visitor and prove nothing. With no proxy the header is not looked at.
 */
export function visitorAddress(
  forwardedFor: string | null,
  socket: string | undefined,
  proxies: number,
): string {
  const direct = plainAddress(socket) ?? 'unknown';
  if (proxies === 0 || !forwardedFor) return direct;
  const seen = forwardedFor.split(',');
  return plainAddress(seen.at(-proxies) ?? seen[0]) ?? direct;
}

/** What counts as one visitor for limits: an IPv4 address, or the /64 that one IPv6 line is given. */
export function limitKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const filled = address.includes('::')
    ? [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
    : left;
  return `${filled
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
