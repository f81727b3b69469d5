/** Reading what was sent, within limits. Returns the refusal when it cannot be read. */
import { Refusal } from '../refusals.ts';

export type Kind = 'json' | 'form' | 'multipart' | 'none' | 'other';

export function kindOf(headers: Headers): Kind {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (!type) return 'none';
  if (type === 'application/json') return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'multipart/form-data') return 'multipart';
  return 'other';
}

const tooBig = (limit: number) => new Refusal('too_big', 413, { limit_bytes: limit });

type Reader = ReadableStreamDefaultReader<Uint8Array>;

const patience = 10_000; // ms

/**
 * Reads on and throws away. Answering somebody who is still sending would reset the connection, and they would never
 * read why. How much is read at most is the server's own limit (bodySizeLimit in astro.config.mjs).
 */
async function drain(reader: Reader | undefined): Promise<void> {
  const until = AbortSignal.timeout(patience);
  until.addEventListener('abort', () => void reader?.cancel().catch(() => undefined));
  try {
    while (reader && !(await reader.read()).done);
  } catch {
    // The server's limit was reached, or the sender left.
  }
}

/** The bytes of the body, refused when they are more than `limit`, whatever Content-Length said. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | Refusal> {
  const reader = request.body?.getReader();
  const announced = Number(request.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    if (announced > limit) {
      await drain(reader);
      return tooBig(limit);
    }
    for (let read = await reader?.read(); reader && read && !read.done; read = await reader.read()) {
      size += read.value.byteLength;
      if (size > limit) {
        await drain(reader);
        return tooBig(limit);
      }
      chunks.push(read.value);
    }
  } catch (error) {
    // The server's own, larger limit breaks the stream.
    if (error instanceof Error && /size limit/i.test(error.message)) return tooBig(limit);
    return new Refusal('malformed_body', 400);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** Text that is not UTF-8 is refused rather than mended. */
export function textOf(bytes: Uint8Array<ArrayBuffer>): string | Refusal {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new Refusal('malformed_body', 400);
  }
}

/** Fields by name; a name that occurs more than once is a list, in order. */
export function fieldsOf(entries: Iterable<[string, unknown]>): Record<string, unknown> {
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) {
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else fields[name] = [before, value];
  }
  return fields;
}

/**
 * The fields of a JSON object or a form. Other content types are refused with 415 (multipart unless `files`), a body
 * that is not what it says with 400. No content type and no body is an empty object.
 */
export async function readFields(
  request: Request,
  limit: number,
  files = false,
): Promise<Record<string, unknown> | Refusal> {
  const kind = kindOf(request.headers);
  if (kind === 'other' || (kind === 'multipart' && !files)) return new Refusal('wrong_type', 415);
  const bytes = await readBytes(request, limit);
  if (bytes instanceof Refusal) return bytes;
  if (kind === 'none') return bytes.byteLength === 0 ? {} : new Refusal('wrong_type', 415);
  if (kind === 'multipart') {
    try {
      const type = request.headers.get('content-type') ?? '';
      const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
      return fieldsOf(form.entries());
    } catch {
      return new Refusal('malformed_body', 400);
    }
  }
  const text = textOf(bytes);
  if (text instanceof Refusal) return text;
  if (kind === 'form') return fieldsOf(new URLSearchParams(text).entries());
  try {
    const read: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read))
      return read as Record<string, unknown>;
    return new Refusal('malformed_body', 400);
  } catch {
    return new Refusal('malformed_body', 400);
  }
}
