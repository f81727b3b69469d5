// Set-up of every test that talks to the site: names below `localhost` lead here (RFC 6761), as they do in browsers,
// also where the system's resolver does not know that.
import dns from 'node:dns';

const lookup = dns.lookup as (name: string, ...rest: unknown[]) => void;

Object.assign(dns, {
  lookup: (name: string, ...rest: unknown[]) =>
    lookup(name.endsWith('.localhost') ? 'localhost' : name, ...rest),
});
