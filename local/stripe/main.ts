import { parseArgs } from 'node:util';
import { startStripe } from './index.ts';
import { CARDS } from './customers/cards.ts';

/**
 * `node local/stripe/main.ts --dir … [--port …] [--webhook-url …] [--webhook-secret …] [--verbose]`
 * Prints one line of JSON with the address and the keys once it answers, and stops on SIGINT, SIGTERM, or when the
 * process that started it over IPC is gone.
 */
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    port: { type: 'string' },
    'webhook-url': { type: 'string' },
    'webhook-secret': { type: 'string' },
    verbose: { type: 'boolean', default: false },
    cards: { type: 'boolean', default: false },
  },
});

if (values.cards) {
  for (const { number, does } of CARDS) console.log(`${number.padEnd(18)}${does}`);
} else if (values.dir === undefined) {
  console.error('Say where to keep the state: --dir <folder>');
  process.exitCode = 2;
} else {
  const stripe = await startStripe({
    dir: values.dir,
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values['webhook-url'] !== undefined && { webhookUrl: values['webhook-url'] }),
    ...(values['webhook-secret'] !== undefined && { webhookSecret: values['webhook-secret'] }),
    ...(values.verbose && { log: (line: string) => console.error(line) }),
  });
  const { url, secretKey, webhookSecret } = stripe;
  const ready = { url, secretKey, webhookSecret };
  console.log(JSON.stringify(ready));
  process.send?.(ready);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void stripe.stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, stop);
}
