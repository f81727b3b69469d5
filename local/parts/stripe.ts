import { runPart, sameAddress } from '../process/part.ts';
import { startStripe } from '../stripe/index.ts';

runPart<Parameters<typeof startStripe>[0]>(async (options) => {
  const stripe = await startStripe({ ...options, log: (line: string) => console.log(line) });
  const { url, secretKey, webhookSecret, stop } = stripe;
  await sameAddress(url, options.port, stop);
  return { ready: { url, secretKey, webhookSecret }, stop };
});
