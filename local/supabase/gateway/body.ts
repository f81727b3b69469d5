import type { IncomingMessage } from 'node:http';
import { RestError } from '../rest/errors.ts';

/** The whole body as text; '' when there is none. Throws a RestError 413 above `limit` bytes. */
export async function readBody(req: IncomingMessage, limit: number): Promise<string> {
  if (req.method === 'GET' || req.method === 'HEAD') return '';
  if (Number(req.headers['content-length']) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]!.toString('utf8') : Buffer.concat(chunks).toString('utf8');
}

const tooLarge = (limit: number) =>
  new RestError(413, 'PGRST102', `The request body is larger than ${limit} bytes`, {
    headers: { connection: 'close' },
  });
