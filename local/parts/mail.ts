import { startMail } from '../mail/index.ts';
import { runPart } from '../process/part.ts';

runPart<Parameters<typeof startMail>[0]>(async (options) => {
  const { stop, ...ready } = await startMail(options);
  return { ready, stop };
});
