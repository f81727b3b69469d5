import type { RawData, WebSocket } from 'ws';
import type { Claims } from '../keys.ts';
import { Channel, type Backend } from './channel.ts';
import { Refusal } from './pass.ts';
import { decodeFrame, encodePush, type Frame, type Version } from './wire/frames.ts';
import { countPerSecond } from './wire/limits.ts';

/** One WebSocket with its channels. Frames of one topic are handled in order, topics beside each other. */
export class Socket {
  readonly version: Version;
  /** Who the key in the address speaks for. */
  readonly claims: Claims;
  seenAt = performance.now();
  readonly #backend: Backend;
  readonly #ws: WebSocket;
  readonly #channels = new Map<string, Channel>();
  readonly #turns = new Map<string, Promise<void>>();
  #joining = 0;
  readonly #mayJoin: () => boolean;
  readonly #maySend: () => boolean;

  constructor(backend: Backend, ws: WebSocket, version: Version, claims: Claims) {
    this.#backend = backend;
    this.#ws = ws;
    this.version = version;
    this.claims = claims;
    this.#mayJoin = countPerSecond(backend.limits.joinsPerSecond);
    this.#maySend = countPerSecond(backend.limits.eventsPerSecond);
    ws.on('message', (data, isBinary) => this.#receive(data, isBinary));
    ws.on('close', () => [...this.#channels.values()].forEach((channel) => channel.leave()));
    ws.on('error', (error) => backend.log(`realtime: a socket failed: ${error.message}`));
  }

  get closed(): boolean {
    return this.#ws.readyState !== this.#ws.OPEN;
  }

  write(data: string | Buffer): void {
    if (this.closed) return;
    this.#ws.send(data);
    if (this.#ws.bufferedAmount > this.#backend.limits.backlogBytes) this.close(1013, 'too slow');
  }

  push(
    topic: string,
    event: string,
    payload: object,
    joinRef: string | null = null,
    ref: string | null = null,
  ): void {
    this.write(encodePush(this.version, topic, event, payload, joinRef, ref));
  }

  reply(frame: Frame, status: 'ok' | 'error', response: object = {}): void {
    this.push(frame.topic, 'phx_reply', { status, response }, frame.joinRef, frame.ref);
  }

  forget(channel: Channel): void {
    for (const [topic, known] of this.#channels) if (known === channel) this.#channels.delete(topic);
  }

  /** Ends the connection; at once when the other side no longer answers. */
  close(code: number, why: string): void {
    if (code === 1001) this.#ws.close(code, why);
    else this.#ws.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.seenAt = performance.now();
    let frame: Frame;
    try {
      frame = decodeFrame(data as Buffer, isBinary);
    } catch (error) {
      this.#ws.close(1003, `not a frame of protocol ${this.version}`);
      return this.#backend.log(`realtime: closed a socket that sent no frame: ${String(error)}`);
    }
    if (frame.topic === 'phoenix') return frame.event === 'heartbeat' ? this.reply(frame, 'ok') : undefined;
    const before = this.#turns.get(frame.topic) ?? Promise.resolve();
    const turn = before.then(() => this.#handle(frame)).catch((error: unknown) => this.#fail(frame, error));
    this.#turns.set(frame.topic, turn);
    void turn.then(() => this.#turns.get(frame.topic) === turn && this.#turns.delete(frame.topic));
  }

  async #handle(frame: Frame): Promise<void> {
    const channel = this.#channels.get(frame.topic);
    if (frame.event === 'phx_join') return this.#join(frame, channel);
    if (frame.event === 'phx_leave') {
      channel?.leave();
      return this.reply(frame, 'ok');
    }
    if (!channel) throw new Refusal('unmatched topic');
    switch (frame.event) {
      case 'access_token':
        return channel.renewToken(frame.payload['access_token']);
      case 'broadcast':
        if (!this.#maySend()) return channel.close('Too many messages per second');
        return frame.message && channel.broadcast(frame, frame.message);
      case 'presence':
        if (!this.#maySend()) return channel.close('Too many presence messages per second');
        return channel.showPresence(frame);
      default:
        return this.reply(frame, 'error', { reason: `UnknownEvent: ${frame.event}` });
    }
  }

  async #join(frame: Frame, earlier: Channel | undefined): Promise<void> {
    const { limits } = this.#backend;
    if (!frame.topic.startsWith('realtime:')) throw new Refusal('unmatched topic');
    if (frame.topic === 'realtime:') throw new Refusal('TopicNameRequired: You must provide a topic name');
    if (!this.#mayJoin()) throw new Refusal('ClientJoinRateLimitReached: Too many joins per second');
    earlier?.leave();
    if (this.#channels.size + this.#joining >= limits.channelsPerSocket) {
      throw new Refusal('ChannelRateLimitReached: Too many channels');
    }
    this.#joining++;
    try {
      this.#channels.set(frame.topic, await Channel.join(this.#backend, this, frame));
    } finally {
      this.#joining--;
    }
  }

  #fail(frame: Frame, error: unknown): void {
    if (error instanceof Refusal) return this.reply(frame, 'error', { reason: error.message });
    this.#backend.log(`realtime: ${frame.event} on ${frame.topic} failed: ${String(error)}`);
    this.reply(frame, 'error', { reason: 'UnknownErrorOnChannel: Unknown Error on Channel' });
  }
}
