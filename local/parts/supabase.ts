import { runPart } from '../process/part.ts';
import { startSupabase } from '../supabase/server.ts';

runPart<Parameters<typeof startSupabase>[0]>(async (options) => {
  const { url, publishableKey, secretKey, databaseUrl, adminUrl, stop, exited } = await startSupabase({
    ...options,
    log: (line) => console.log(line),
  });
  return { ready: { url, publishableKey, secretKey, databaseUrl, adminUrl }, stop, exited };
});
