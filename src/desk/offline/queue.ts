/** In the browser: taps that were made and not sent yet. They outlive the page, the tab and the connection. */
import type { Tap } from '../standing.ts';

export interface KeptTap extends Tap {
  session: string;
}

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('atrium-desk', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('taps', { keyPath: 'id' });
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

/** In the order in which they were made. */
export const keptTaps = async (): Promise<KeptTap[]> =>
  (await act('readonly', (taps) => taps.getAll() as IDBRequest<KeptTap[]>)).sort((a, b) =>
    a.at < b.at ? -1 : 1,
  );

export const keepTap = (tap: KeptTap): Promise<IDBValidKey> => act('readwrite', (taps) => taps.put(tap));
export const dropTap = (id: string): Promise<undefined> => act('readwrite', (taps) => taps.delete(id));
