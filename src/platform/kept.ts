/**
 * Answers kept in this process for a moment, so that a hundred visitors who look at the same week ask the database
 * once. Only for what everybody is shown alike. Whoever asks while an answer is on its way waits for that one.
 */
export interface Kept<T> {
  get(key: string, ask: () => Promise<T>): Promise<T>;
  /** After something changed here: the next one asks anew. */
  forget(): void;
}

interface Entry<T> {
  answer: Promise<T>;
  until: number;
}

/** Keeps each answer for `ms`, at most `most` of them. An answer that fails is not kept. */
export function keepFor<T>(ms: number, most = 500, clock: () => number = Date.now): Kept<T> {
  const entries = new Map<string, Entry<T>>();
  return {
    get(key, ask) {
      const now = clock();
      const found = entries.get(key);
      if (found && found.until > now) return found.answer;
      if (entries.size >= most) entries.clear();
      const entry = { answer: ask(), until: now + ms };
      entries.set(key, entry);
      entry.answer.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      return entry.answer;
    },
    forget: () => entries.clear(),
  };
}
