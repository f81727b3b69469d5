/** What browsers listen to in this process. The one way in is `openLiveStream`, from pages/api/live.ts. */
import { createClient } from '@supabase/supabase-js';
import { config } from '../config.ts';
import { gauge } from '../metrics.ts';
import type { Refusal } from '../refusals.ts';
import { createHub } from './hub.ts';
import { createLiveStreams, type LiveStreamOptions } from './stream.ts';
import { supabaseUpstreams } from './upstream.ts';

const hub = createHub({
  open: supabaseUpstreams(() =>
    createClient(config.SUPABASE_URL, config.SUPABASE_SECRET_KEY, {
      auth: { autoRefreshToken: false, persistSession: false, detectSessionInUrl: false },
      // Someone is always waiting: come back quickly, and not all at the same moment.
      realtime: {
        reconnectAfterMs: (tries) => Math.min(200 * 2 ** (tries - 1), 5000) * (0.75 + Math.random() / 2),
      },
    }),
  ),
});
const streams = createLiveStreams(hub);

gauge('atrium_live_listeners', 'Browsers that listen for changes.', () => streams.size);
gauge('atrium_live_topics', 'Topics that somebody listens to.', () => hub.size);

// A browser whose stream ends comes back, to the next process; one whose connection breaks first reports an error.
process.once('SIGTERM', () => {
  streams.close();
  hub.close();
  // Ours was the only answer to the signal: let it do what it would have done without us, once the ends are written.
  if (process.listenerCount('SIGTERM') === 0) setImmediate(() => process.kill(process.pid, 'SIGTERM'));
});

/**
 * Server-sent events: `event: state` with what firstState answers, then every event of the private Supabase channel
 * `topic` under its own name, data in JSON. Who may listen is the caller's to check. See LiveStreams.open.
 */
export const openLiveStream = (options: LiveStreamOptions): Promise<Response | Refusal> =>
  streams.open(options);
