/**
 * Posts to an address that somebody typed. It is called from inside our network, so it goes only where anybody could go:
 * over https to a public address, which is looked at when the connection is made (a name may point elsewhere by then),
 * and never along a redirect. WEBHOOKS_MAY_STAY_LOCAL lifts both for a till in the same house.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { type ClientRequest, type RequestOptions, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { BlockList, type LookupFunction, isIP } from 'node:net';
import { config } from '#platform/config.ts';

/** Milliseconds until nobody answers. */
const patience = 10_000;

export interface Posted {
  /** What was answered (HTTP). */
  status: number | null;
  /** Why there was no answer: `timeout`, `address_private`, `address_not_https`, or what the network calls it. */
  error: string | null;
  took_ms: number;
}

// RFC 6890 and its registries: this machine, this network, nobody's.
const inside = new BlockList();
const subnets = {
  ipv4: '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  ipv6: '::/128 ::1/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8',
} as const;
for (const [family, list] of Object.entries(subnets)) {
  for (const subnet of list.split(' ')) {
    const [network = '', bits = ''] = subnet.split('/');
    inside.addSubnet(network, Number(bits), family as 'ipv4' | 'ipv6');
  }
}

/** Whether anybody on the internet could reach this address. An IPv4 address in IPv6 clothes is looked at as what it is. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && !inside.check(address, family === 6 ? 'ipv6' : 'ipv4');
};

/** Why nothing is ever sent to this address, as far as it can be seen; null: it may be tried. */
export function addressProblem(
  url: URL,
  mayStayLocal: boolean,
): 'address_not_https' | 'address_private' | null {
  if (mayStayLocal) return null;
  if (url.protocol !== 'https:') return 'address_not_https';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return (isIP(host) !== 0 && !isPublicAddress(host)) ||
    /^localhost$|\.localhost$|\.local$|\.internal$/i.test(host)
    ? 'address_private'
    : null;
}

const publicLookup: LookupFunction = (host, options, callback) =>
  lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const [first] = found ?? [];
    if (error || !first) return callback(error ?? new Error('ENOTFOUND'), '', 0);
    if (!found.every(({ address }) => isPublicAddress(address)))
      return callback(new Error('address_private'), '', 0);
    if (options.all) return callback(null, found);
    return callback(null, first.address, first.family);
  });

const reason = (error: unknown): string => {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  return (message === 'address_private' ? message : (code ?? message ?? 'unknown')).slice(0, 200);
};

/** Never throws. */
export async function post(
  address: string,
  headers: Record<string, string>,
  body: string,
  mayStayLocal: boolean = config.WEBHOOKS_MAY_STAY_LOCAL,
): Promise<Posted> {
  const begun = performance.now();
  const ended = (status: number | null, error: string | null): Posted => ({
    status,
    error,
    took_ms: Math.round(performance.now() - begun),
  });
  try {
    const url = new URL(address);
    const problem = addressProblem(url, mayStayLocal);
    if (problem) return ended(null, problem);
    const options: RequestOptions = {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.timeout(patience),
      ...(mayStayLocal ? {} : { lookup: publicLookup }),
    };
    const status = await new Promise<number>((resolve, reject) => {
      const asked: ClientRequest = (url.protocol === 'https:' ? secure : plain)(url, options, (answer) => {
        resolve(answer.statusCode ?? 0);
        // What it says besides its status is nobody's concern here.
        answer.destroy();
      });
      asked.on('error', reject);
      asked.end(body);
    });
    return ended(status, null);
  } catch (error) {
    return ended(null, reason(error));
  }
}
