import { runPart } from '../process/part.ts';
import { startStripe } from '../stripe/index.ts';

runPart<Parameters<typeof startStripe>[0]>(async (options) => {
  const { url, secretKey, webhookSecret, stop } = await startStripe({
    ...options,
    log: (line) => console.log(line),
  });
  return { ready: { url, secretKey, webhookSecret }, stop };
});
