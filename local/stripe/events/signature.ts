import { createHmac } from 'node:crypto';

/** Always by the machine's clock: receivers refuse what is more than five minutes away from theirs. */
export function signatureOf(payload: string, secret: string, at = Math.floor(Date.now() / 1000)): string {
  const v1 = createHmac('sha256', secret).update(`${at}.${payload}`).digest('hex');
  return `t=${at},v1=${v1},v0=${'0'.repeat(64)}`;
}
