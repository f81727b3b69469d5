import { randomUUID } from 'node:crypto';
import type { Keys } from '../keys.ts';
import type { Authorizer } from './database/authorize.ts';
import type { StoredMessage } from './database/messages.ts';
import { Pass, Refusal } from './pass.ts';
import type { Member, Meta, Room, Rooms } from './room.ts';
import type { Socket } from './socket.ts';
import { asRecord, encodeBroadcast, type Frame, type Message } from './wire/frames.ts';
import type { Limits } from './wire/limits.ts';

export interface Backend {
  keys: Keys;
  rooms: Rooms;
  authorizer: Authorizer;
  replay(topic: string, since: number, limit: number): Promise<StoredMessage[]>;
  listening(): Promise<void>;
  limits: Limits;
  log(line: string): void;
}

/** One client on one topic, from its join to its leave. */
export class Channel implements Member {
  readonly version;
  readonly presenceKey: string;
  readonly replayed = new Set<string>();
  presence: Meta | null = null;
  readonly #backend: Backend;
  readonly #socket: Socket;
  readonly #topic: string;
  readonly #joinRef: string | null;
  readonly #private: boolean;
  readonly #options: Record<'broadcast' | 'presence', Record<string, unknown>>;
  readonly #pass: Pass;
  #room: Room | null = null;

  /** @throws Refusal */
  static async join(backend: Backend, socket: Socket, frame: Frame): Promise<Channel> {
    const channel = new Channel(backend, socket, frame);
    if (wantsChanges(frame)) {
      throw new Refusal(
        'PostgresChangesNotAvailable: postgres_changes is not available here; broadcast from the database instead (realtime.send, realtime.broadcast_changes)',
      );
    }
    await channel.#pass.present(frame.payload['access_token'] ?? frame.payload['user_token']);
    if (!channel.hearsBroadcasts && !channel.hearsPresence)
      throw new Refusal(`Unauthorized: ${channel.#denied('read from')}`);
    const past = await channel.#past();
    // From here on at once: nothing committed after the reply is missed, nothing is heard twice.
    if (socket.closed) throw new Refusal('Closed: the socket closed while joining');
    channel.#room = backend.rooms.open(channel.#topic, channel.#private);
    channel.#room.enter(channel);
    channel.#pass.onExpiry(() => channel.close('Token has expired'));
    socket.reply(frame, 'ok', { postgres_changes: [] });
    // What the feed has yet to read, and is older than what is replayed, must not come after it.
    for (const message of past.known) channel.replayed.add(message.id);
    for (const message of past.known.slice(past.known.length - past.limit)) {
      const data = encodeBroadcast(channel.version, frame.topic, { ...message, replayed: true });
      if (data !== null) channel.write(data);
    }
    if (channel.hearsPresence) channel.#push('presence_state', channel.#room.presenceState());
    if (channel.#options.broadcast['replication_ready']) void channel.#announceReady();
    return channel;
  }

  private constructor(backend: Backend, socket: Socket, frame: Frame) {
    const config = asRecord(frame.payload['config']);
    this.#backend = backend;
    this.#socket = socket;
    this.#topic = frame.topic.slice('realtime:'.length);
    this.#joinRef = frame.joinRef ?? frame.ref;
    this.#private = isTrue(config['private']);
    this.#options = { broadcast: asRecord(config['broadcast']), presence: asRecord(config['presence']) };
    this.#pass = new Pass({
      topic: this.#topic,
      private: this.#private,
      keyClaims: socket.claims,
      ...backend,
    });
    this.version = socket.version;
    this.presenceKey = String(this.#options.presence['key'] ?? '') || randomUUID();
  }

  get hearsBroadcasts(): boolean {
    return this.#pass.hears.broadcast;
  }

  get hearsPresence(): boolean {
    return this.#pass.hears.presence && isTrue(this.#options.presence['enabled']);
  }

  write(data: string | Buffer): void {
    this.#socket.write(data);
  }

  /** Answers only when the client asked for it (`broadcast: { ack: true }`). */
  async broadcast(frame: Frame, message: Message): Promise<void> {
    const { ack, self } = this.#options.broadcast;
    const answer = (status: 'ok' | 'error', response = {}) => {
      if (isTrue(ack)) this.#socket.reply(frame, status, response);
    };
    if (frame.persist)
      return answer('error', { error: 'Storing broadcasts for replay is not available here' });
    if (message.body.length > this.#backend.limits.payloadBytes)
      return answer('error', { reason: 'payload_size_exceeded' });
    if (!(await this.#pass.maySend('broadcast')))
      return answer('error', { reason: this.#denied('send broadcasts to') });
    this.#room?.broadcast(message, isTrue(self) ? undefined : this);
    answer('ok');
  }

  /** A client's track or untrack. */
  async showPresence(frame: Frame): Promise<void> {
    const event = String(frame.payload['event'] ?? '').toLowerCase();
    if (event === 'untrack') this.#room?.track(this, null);
    else if (event === 'track') {
      const payload = frame.payload['payload'] ?? {};
      if (typeof payload !== 'object' || Array.isArray(payload))
        throw new Refusal('Presence track payload must be a map');
      if (JSON.stringify(payload).length > this.#backend.limits.payloadBytes)
        return this.close('Track message size exceeded');
      if (!(await this.#pass.maySend('presence'))) throw new Refusal(this.#denied('track presence on'));
      this.#room?.track(this, asRecord(payload));
    } else throw new Refusal(`UnknownPresenceEvent: ${event}`);
    this.#socket.reply(frame, 'ok');
  }

  /** A fresh token. A channel that may hear less with it is closed, as on the hosted service. */
  async renewToken(token: unknown): Promise<void> {
    if (typeof token !== 'string' || token.startsWith('sb_')) return;
    const { hearsBroadcasts, hearsPresence } = this;
    try {
      if (!(await this.#pass.present(token))) return;
      if ((hearsBroadcasts && !this.hearsBroadcasts) || (hearsPresence && !this.hearsPresence)) {
        throw new Refusal(`You no longer have permission to read from this Channel topic: ${this.#topic}`);
      }
      this.#pass.onExpiry(() => this.close('Token has expired'));
    } catch (error) {
      if (!(error instanceof Refusal))
        this.#backend.log(`realtime: renewing a token failed: ${String(error)}`);
      this.close(
        error instanceof Refusal ? error.message : 'Realtime was unable to connect to the project database',
      );
    }
  }

  /** Ends the channel from our side, saying why. realtime-js reports CLOSED and does not join again by itself. */
  close(why: string): void {
    this.#system('error', why);
    this.leave();
    this.#push('phx_close', {});
  }

  leave(): void {
    this.#pass.end();
    this.#room?.leave(this);
    this.#room = null;
    this.#socket.forget(this);
  }

  /** Messages from before the join, when it asks for `replay: { since, limit }`; of those known, the last `limit` (at most 25) are sent. */
  async #past(): Promise<{ known: StoredMessage[]; limit: number }> {
    const { replay } = this.#options.broadcast;
    if (replay === undefined) return { known: [], limit: 0 };
    const { since, limit = 25 } = asRecord(replay);
    if (!this.#private)
      throw new Refusal('UnableToReplayMessages: Replay is not allowed for public channels');
    if (!this.hearsBroadcasts) throw new Refusal(`Unauthorized: ${this.#denied('read from')}`);
    if (!Number.isInteger(since) || !Number.isInteger(limit))
      throw new Refusal('UnableToReplayMessages: Replay params are not valid');
    const known = await this.#backend.replay(this.#topic, Number(since), 500);
    return { known, limit: Math.min(known.length, Math.max(1, Math.min(25, Number(limit)))) };
  }

  async #announceReady(): Promise<void> {
    await this.#backend.listening();
    if (this.#room) this.#system('ok', 'Replication connection established');
  }

  #denied(act: string): string {
    return `You do not have permissions to ${act} this Channel topic: ${this.#topic}`;
  }

  #system(status: 'ok' | 'error', message: string): void {
    this.#push('system', { extension: 'system', status, message, channel: this.#topic });
  }

  #push(event: string, payload: object): void {
    this.#socket.push(`realtime:${this.#topic}`, event, payload, this.#joinRef);
  }
}

function wantsChanges(frame: Frame): boolean {
  const changes = asRecord(frame.payload['config'])['postgres_changes'];
  return Array.isArray(changes) && changes.length > 0;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
