import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Secrets {
  /** Signs links to receipts and calendars. */
  atrium: string;
  /** Signs the emulator's webhooks. */
  webhook: string;
}

/** Random secrets of this installation, made at its first start. */
export async function keepSecrets(dir: string): Promise<Secrets> {
  const file = join(dir, 'secrets.json');
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept) return JSON.parse(kept) as Secrets;
  const secret = () => randomBytes(32).toString('base64url');
  const secrets = { atrium: secret(), webhook: `whsec_${secret()}` };
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
