/**
 * Signatures of messages between us and outside tills, as Standard Webhooks has them:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * HMAC-SHA256 over `<id>.<seconds>.<body>`, base64, `v1,` before it; several in one header, a space between them.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that a message may be old, or ahead of us. */
export const tolerance = 300;

const mac = (secret: string, text: string): Buffer =>
  createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(text)
    .digest();

const signed = (id: string, seconds: number | string, body: string): string => `${id}.${seconds}.${body}`;

/** What a message goes out with: one signature for each secret, the newest first. */
export function signatureHeaders(
  secrets: readonly string[],
  id: string,
  at: Date,
  body: string,
): Record<string, string> {
  const seconds = Math.floor(at.getTime() / 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': secrets
      .map((secret) => `v1,${mac(secret, signed(id, seconds, body)).toString('base64')}`)
      .join(' '),
  };
}

export type SignatureProblem =
  'webhook_unsigned' | 'webhook_signature_wrong' | 'webhook_too_old' | 'webhook_too_new';

/** Why a message is not let in, or null. Whether it is too old is told only to who could sign it. */
export function signatureProblem(
  headers: Headers,
  body: string,
  secrets: readonly string[],
  now: Date = new Date(),
): SignatureProblem | null {
  const id = headers.get('webhook-id') ?? '';
  const seconds = headers.get('webhook-timestamp') ?? '';
  const given = headers.get('webhook-signature') ?? '';
  if (!/^[\x21-\x7e]{1,200}$/.test(id) || !/^\d{1,12}$/.test(seconds) || !given) return 'webhook_unsigned';
  const offered = given
    .split(' ', 20)
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  // Every pair is compared, whichever fits: the time it takes says nothing.
  let fits = 0;
  for (const secret of secrets) {
    const expected = mac(secret, signed(id, seconds, body));
    for (const one of offered) {
      if (one.length === expected.length) fits += Number(timingSafeEqual(one, expected));
    }
  }
  if (fits === 0) return 'webhook_signature_wrong';
  const late = now.getTime() / 1000 - Number(seconds);
  if (late > tolerance) return 'webhook_too_old';
  return late < -tolerance ? 'webhook_too_new' : null;
}
