import type { SupabaseClient } from '@supabase/supabase-js';
import type { OpenUpstream, UpstreamEvents } from './topic.ts';

/** Supabase allows 100 channels on one socket; past that a further client brings a socket of its own. */
const channelsPerClient = 90;
const reopenMs = 1000;

type Client = Pick<SupabaseClient, 'channel' | 'removeChannel' | 'getChannels'>;

/**
 * Private broadcast channels of Supabase, through clients made by `connect` with the secret key. A channel that is lost is
 * joined again by realtime-js itself; one that the server closed is opened again here.
 */
export function supabaseUpstreams(connect: () => Client): OpenUpstream {
  const clients: Client[] = [];

  /** A client with room that does not hold this topic: a channel that is still leaving would be handed out again. */
  function clientFor(topic: string): Client {
    for (const client of clients) {
      const channels = client.getChannels();
      if (
        channels.length < channelsPerClient &&
        !channels.some((channel) => channel.topic === `realtime:${topic}`)
      ) {
        return client;
      }
    }
    const client = connect();
    clients.push(client);
    return client;
  }

  return (topic: string, on: UpstreamEvents) => {
    let closed = false;
    let reopening: NodeJS.Timeout | undefined;
    let leave = join();

    function join(): () => void {
      const client = clientFor(topic);
      const channel = client.channel(topic, { config: { private: true } });
      let current = true;
      channel
        .on('broadcast', { event: '*' }, (message) => {
          if (current) on.event(message.event, message.payload);
        })
        .subscribe((status) => {
          if (!current) return;
          if (status === 'SUBSCRIBED') return on.joined();
          on.lost();
          if (status !== 'CLOSED') return;
          current = false;
          reopening = setTimeout(() => {
            if (!closed) leave = join();
          }, reopenMs);
        });
      return () => {
        current = false;
        void client.removeChannel(channel);
      };
    }

    return {
      close() {
        closed = true;
        clearTimeout(reopening);
        leave();
      },
    };
  };
}
