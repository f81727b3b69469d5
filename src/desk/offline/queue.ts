/**
 * In the browser: taps that were made and not sent yet. They outlive the page, the tab and the connection, and are the
 * business of whoever made them: nobody else who signs in on the same device sees or sends them.
 */
import type { Tap } from '../standing.ts';

export interface KeptTap extends Tap {
  session: string;
  /** Who tapped. */
  user: string;
}

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('atrium-desk', 1);
    asked.onupgradeneeded = () => {
      const taps = asked.result.createObjectStore('taps', { keyPath: 'id' });
      taps.createIndex('user', 'user');
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function act<T>(mode: IDBTransactionMode, run: (taps: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction('taps', mode);
  const asked = run(transaction.objectStore('taps'));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** One person's, in the order in which they were made. */
export const keptTaps = async (user: string): Promise<KeptTap[]> =>
  (await act('readonly', (taps) => taps.index('user').getAll(user) as IDBRequest<KeptTap[]>)).sort((a, b) =>
    a.at < b.at ? -1 : 1,
  );

export const keepTap = (tap: KeptTap): Promise<IDBValidKey> => act('readwrite', (taps) => taps.put(tap));
export const dropTap = (id: string): Promise<undefined> => act('readwrite', (taps) => taps.delete(id));
