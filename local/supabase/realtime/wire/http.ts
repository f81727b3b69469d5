import type { IncomingMessage } from 'node:http';
import type { Claims } from '../../keys.ts';
import type { Backend } from '../channel.ts';
import { asRecord, type Message } from './frames.ts';

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface Outgoing {
  topic: string;
  private: boolean;
  message: Message;
}

/** A refusal with its status; the body is `{ "error": message }`, which httpSend() of realtime-js shows. */
class HttpRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Broadcast over HTTP: `POST …/api/broadcast` with `{ messages: [{ topic, event, payload, private }] }` (channel.send() of
 * a channel that is not joined) and `POST …/api/broadcast/<topic>/events/<event>?private=true` with the payload as body
 * (httpSend()). 202 when sent. Unlike the hosted service, which drops them silently, a batch with a private message that
 * its sender may not send is refused with 403 and nothing of it is sent.
 */
export async function answerBroadcast(
  backend: Backend,
  req: IncomingMessage,
  body: string | Uint8Array,
): Promise<HttpAnswer> {
  try {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const path = /\/api\/broadcast(?:\/([^/]+)\/events\/([^/]+))?\/?$/.exec(url.pathname);
    if (!path) throw new HttpRefusal(404, 'not found');
    if (req.method !== 'POST') throw new HttpRefusal(405, 'Method Not Allowed');
    const claims = await claimsOf(backend, req);
    const [, topic, event] = path;
    const messages =
      topic === undefined || event === undefined
        ? batchOf(body)
        : [
            single(
              url,
              decodeURIComponent(topic),
              decodeURIComponent(event),
              req.headers['content-type'],
              body,
            ),
          ];
    if (messages.some(({ message }) => message.body.length > backend.limits.payloadBytes)) {
      throw new HttpRefusal(422, 'Payload size exceeds tenant limit');
    }
    for (const name of new Set(messages.filter((one) => one.private).map((one) => one.topic))) {
      if (!(await backend.authorizer.write(name, claims)).broadcast)
        throw new HttpRefusal(403, 'Unauthorized');
    }
    for (const one of messages) backend.rooms.broadcast(one.topic, one.private, one.message);
    return { status: 202, headers: {}, body: '' };
  } catch (error) {
    const known = error instanceof HttpRefusal || error instanceof URIError;
    if (!known) backend.log(`realtime: a broadcast over HTTP failed: ${String(error)}`);
    const status = error instanceof HttpRefusal ? error.status : known ? 400 : 500;
    const text = known ? error.message : 'Unknown error';
    return {
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error: text, message: text }),
    };
  }
}

async function claimsOf(backend: Backend, req: IncomingMessage): Promise<Claims> {
  const apikey = req.headers['apikey'];
  const token =
    /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ??
    (typeof apikey === 'string' ? apikey : '');
  const claims = backend.keys.claimsForKey(token) ?? (await backend.keys.verify(token).catch(() => null));
  if (!claims?.role) throw new HttpRefusal(401, 'Unauthorized');
  return claims;
}

function batchOf(body: string | Uint8Array): Outgoing[] {
  const { messages } = asRecord(parse(body));
  if (!Array.isArray(messages) || messages.length === 0)
    throw new HttpRefusal(422, "messages can't be blank");
  return messages.map((entry: unknown) => {
    const { topic, event, payload, private: isPrivate } = asRecord(entry);
    if (typeof topic !== 'string' || topic === '') throw new HttpRefusal(422, "topic can't be blank");
    if (typeof event !== 'string' || event === '') throw new HttpRefusal(422, "event can't be blank");
    if (typeof payload !== 'object' || payload === null) throw new HttpRefusal(422, 'payload must be a map');
    return { topic, private: isPrivate === true, message: json(event, payload) };
  });
}

function single(
  url: URL,
  topic: string,
  event: string,
  type = 'application/json',
  body: string | Uint8Array,
): Outgoing {
  for (const name of url.searchParams.keys()) {
    if (name.startsWith('persist'))
      throw new HttpRefusal(501, 'Storing broadcasts for replay is not available here');
  }
  const isPrivate = url.searchParams.get('private') === 'true';
  if (/^application\/octet-stream\b/.test(type)) {
    if (typeof body === 'string')
      throw new HttpRefusal(415, 'Binary broadcasts over HTTP are not available here');
    return { topic, private: isPrivate, message: { event, body: Buffer.from(body), encoding: 'binary' } };
  }
  if (!/^application\/json\b/.test(type)) {
    throw new HttpRefusal(415, 'Unsupported Media Type. Use application/json or application/octet-stream');
  }
  return { topic, private: isPrivate, message: json(event, parse(body)) };
}

function json(event: string, payload: unknown): Message {
  return { event, body: Buffer.from(JSON.stringify(payload)), encoding: 'json' };
}

function parse(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
  } catch {
    throw new HttpRefusal(400, 'The body is not JSON');
  }
}
