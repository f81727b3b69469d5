/** The Stripe SDK, pointed at the emulator where one is configured. */
import Stripe from 'stripe';
import { config } from '#platform/config.ts';

let client: Stripe | undefined;

/** One client a process. The SDK repeats a request that got no answer, with the same idempotency key. */
export function stripe(): Stripe {
  if (client) return client;
  const emulator = config.STRIPE_API_URL ? new URL(config.STRIPE_API_URL) : null;
  client = new Stripe(config.STRIPE_SECRET_KEY, {
    maxNetworkRetries: 2,
    timeout: 20_000,
    telemetry: false,
    appInfo: { name: 'Atrium' },
    ...(emulator && {
      host: emulator.hostname,
      port: Number(emulator.port || (emulator.protocol === 'https:' ? 443 : 80)),
      protocol: emulator.protocol === 'https:' ? ('https' as const) : ('http' as const),
    }),
  });
  return client;
}
