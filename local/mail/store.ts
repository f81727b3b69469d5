import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMessage, type Message } from './message.ts';

/** Messages as files, one `.eml` each, so that they survive a restart and any mail program opens them. */
export interface Store {
  add(raw: Buffer, recipients: string[]): Promise<string>;
  /** Those that `wanted` takes, newest first. */
  list(wanted?: (message: Message) => boolean, limit?: number): Promise<Message[]>;
  get(id: string): Promise<Message | null>;
  raw(id: string): Promise<Buffer | null>;
  clear(): Promise<void>;
  /** Calls back at each change until the returned function is called. */
  watch(changed: () => void): () => void;
}

/** The oldest go when there are more. */
const limit = 5_000;
const name = /^[0-9]{15}-[0-9a-f]{8}$/;

export async function openStore(dir: string): Promise<Store> {
  await mkdir(dir, { recursive: true });
  const files = (await readdir(dir)).filter((file) => file.endsWith('.eml')).map((file) => file.slice(0, -4));
  // Names begin with the time of arrival, so their order is the messages'.
  let ids = files.filter((id) => name.test(id)).sort();
  let last = Number(ids.at(-1)?.slice(0, 15) ?? 0);
  const parsed = new Map<string, Message>();
  const watchers = new Set<() => void>();
  const path = (id: string) => join(dir, `${id}.eml`);
  const tell = () => watchers.forEach((changed) => changed());

  async function raw(id: string): Promise<Buffer | null> {
    return ids.includes(id) ? await readFile(path(id)).catch(() => null) : null;
  }

  async function get(id: string): Promise<Message | null> {
    const known = parsed.get(id);
    if (known) return known;
    const text = await raw(id);
    if (!text) return null;
    const message = await readMessage(id, text);
    parsed.set(id, message);
    return message;
  }

  return {
    raw,
    get,
    async add(message, recipients) {
      last = Math.max(last + 1, Date.now());
      const id = `${String(last).padStart(15, '0')}-${randomBytes(4).toString('hex')}`;
      // The envelope knows whom a blind copy went to; the headers do not.
      const envelope = recipients.map((to) => `X-Envelope-To: ${to.replace(/[\r\n]/g, '')}\r\n`).join('');
      await writeFile(`${path(id)}.half`, Buffer.concat([Buffer.from(envelope), message]));
      await rename(`${path(id)}.half`, path(id));
      ids.push(id);
      for (const old of ids.splice(0, Math.max(0, ids.length - limit))) {
        parsed.delete(old);
        await rm(path(old), { force: true });
      }
      tell();
      return id;
    },
    async list(wanted = () => true, most = 200) {
      const found: Message[] = [];
      for (const id of ids.toReversed()) {
        if (found.length >= most) break;
        const message = await get(id);
        if (message && wanted(message)) found.push(message);
      }
      return found;
    },
    async clear() {
      const gone = ids;
      ids = [];
      parsed.clear();
      await Promise.all(gone.map((id) => rm(path(id), { force: true })));
      tell();
    },
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
}
