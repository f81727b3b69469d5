/**
 * Phoenix frames as realtime-js speaks them. Version 1.0.0: JSON objects. Version 2.0.0: JSON arrays
 * `[join_ref, ref, topic, event, payload]`, and binary frames for broadcasts (kind 3 from a client, kind 4 to a client).
 * Source: src/lib/serializer.ts of @supabase/realtime-js and V2Serializer of supabase/realtime.
 */
export type Version = '1.0.0' | '2.0.0';

/** A user's message on its way to listeners; `body` is its payload, as JSON text or as raw bytes. */
export interface Message {
  event: string;
  body: Buffer;
  encoding: 'json' | 'binary';
  /** The row's id when the message came from the database. */
  id?: string;
  replayed?: boolean;
}

export interface Frame {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: Record<string, unknown>;
  /** Set when event is `broadcast`. */
  message?: Message;
  /** Set when the client asks to keep the broadcast for replay. */
  persist?: unknown;
}

const CLIENT_BROADCAST = 3;
const SERVER_BROADCAST = 4;
const JSON_BODY = 1;

/** @throws Error when the bytes are not a frame of this version. */
export function decodeFrame(data: Buffer, isBinary: boolean): Frame {
  if (isBinary) return decodeBroadcast(data);
  const parsed: unknown = JSON.parse(data.toString('utf8'));
  const [joinRef, ref, topic, event, payload] = Array.isArray(parsed) ? parsed : fields(parsed);
  if (typeof topic !== 'string' || typeof event !== 'string')
    throw new Error('a frame needs a topic and an event');
  const frame: Frame = { joinRef: text(joinRef), ref: text(ref), topic, event, payload: asRecord(payload) };
  if (event !== 'broadcast') return frame;
  const body = Buffer.from(JSON.stringify(frame.payload['payload'] ?? {}));
  frame.message = { event: String(frame.payload['event'] ?? ''), body, encoding: 'json' };
  return frame;
}

export function encodePush(
  version: Version,
  topic: string,
  event: string,
  payload: object,
  joinRef: string | null = null,
  ref: string | null = null,
): string {
  return version === '2.0.0'
    ? JSON.stringify([joinRef, ref, topic, event, payload])
    : JSON.stringify({ topic, event, payload, ref, join_ref: joinRef });
}

/** Null where this version has no way to say it: raw bytes to a 1.0.0 client. */
export function encodeBroadcast(version: Version, topic: string, message: Message): string | Buffer | null {
  if (version === '2.0.0') {
    const names = [topic, message.event, metaOf(message)].map((name) => Buffer.from(name));
    if (names.every((name) => name.length <= 255)) {
      const head = [
        SERVER_BROADCAST,
        ...names.map((name) => name.length),
        message.encoding === 'json' ? JSON_BODY : 0,
      ];
      return Buffer.concat([Buffer.from(head), ...names, message.body]);
    }
  }
  if (message.encoding === 'binary') return null;
  const meta = metaOf(message);
  const payload =
    `{"type":"broadcast","event":${JSON.stringify(message.event)},"payload":${message.body.toString('utf8')}` +
    `${meta ? `,"meta":${meta}` : ''}}`;
  const name = JSON.stringify(topic);
  return version === '2.0.0'
    ? `[null,null,${name},"broadcast",${payload}]`
    : `{"topic":${name},"event":"broadcast","payload":${payload},"ref":null}`;
}

function metaOf(message: Message): string {
  if (message.id === undefined) return '';
  return JSON.stringify({ id: message.id, ...(message.replayed && { replayed: true }) });
}

function decodeBroadcast(data: Buffer): Frame {
  const [kind, joinRefSize = 0, refSize = 0, topicSize = 0, eventSize = 0, metaSize = 0, encoding] = data;
  if (kind !== CLIENT_BROADCAST) throw new Error(`binary frames of kind ${kind} are not known`);
  let at = 7;
  const take = (size: number): string => {
    if (at + size > data.length) throw new Error('the binary frame ends too early');
    return data.toString('utf8', at, (at += size));
  };
  const frame: Frame = {
    joinRef: take(joinRefSize) || null,
    ref: take(refSize) || null,
    topic: take(topicSize),
    event: 'broadcast',
    payload: {},
  };
  const event = take(eventSize);
  const meta = take(metaSize);
  if (meta) frame.persist = asRecord(JSON.parse(meta))['persist'];
  frame.message = { event, body: data.subarray(at), encoding: encoding === JSON_BODY ? 'json' : 'binary' };
  return frame;
}

function fields(value: unknown): unknown[] {
  const frame = asRecord(value);
  return [frame['join_ref'], frame['ref'], frame['topic'], frame['event'], frame['payload']];
}

function text(value: unknown): string | null {
  return value == null ? null : String(value);
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
