/**
 * In the browser: what was done and not sent yet. It outlives the page, the tab and the connection, and is the business of
 * whoever did it: nobody else who signs in on the same device sees or sends it.
 */
export interface Kept {
  id: string;
  /** Whose it is. */
  user: string;
  /** When it was done, by this device's clock. */
  at: string;
}

export interface Store<T extends Kept> {
  /** One person's, in the order in which they were done. */
  of: (user: string) => Promise<T[]>;
  count: () => Promise<number>;
  put: (one: T) => Promise<IDBValidKey>;
  drop: (id: string) => Promise<undefined>;
}

/** Where a device keeps nothing, what is done is sent at once or not at all. */
export const canKeep = (): boolean =>
  typeof crypto.randomUUID === 'function' && typeof indexedDB === 'object';

export function storeIn<T extends Kept>(database: string, name: string): Store<T> {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> =>
    (opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(database, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore(name, { keyPath: 'id' }).createIndex('user', 'user');
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    }));
  async function act<A>(mode: IDBTransactionMode, run: (kept: IDBObjectStore) => IDBRequest<A>): Promise<A> {
    const transaction = (await open()).transaction(name, mode);
    const asked = run(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  return {
    of: async (user) =>
      (await act('readonly', (kept) => kept.index('user').getAll(user) as IDBRequest<T[]>)).sort((a, b) =>
        a.at < b.at ? -1 : 1,
      ),
    count: () => act('readonly', (kept) => kept.count()),
    put: (one) => act('readwrite', (kept) => kept.put(one)),
    drop: (id) => act('readwrite', (kept) => kept.delete(id)),
  };
}
