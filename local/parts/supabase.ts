import { runPart, sameAddress } from '../process/part.ts';
import { startSupabase } from '../supabase/server.ts';

runPart<Parameters<typeof startSupabase>[0]>(async (options) => {
  const supabase = await startSupabase({ ...options, log: (line) => console.log(line) });
  const { url, publishableKey, secretKey, databaseUrl, adminUrl, migrated, stop, exited } = supabase;
  await sameAddress(url, options.port, stop);
  await sameAddress(databaseUrl, options.postgresPort, stop);
  return { ready: { url, publishableKey, secretKey, databaseUrl, adminUrl, migrated }, stop, exited };
});
