import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One line of a journal: the collection, the id, and the object as it is now (`null`: it is gone). */
export type Line = [collection: string, id: string, value: unknown];

interface Source {
  read(collection: string, id: string): unknown;
  everything(): Iterable<Line>;
}

/** Every start begins a new journal; so many of them are made one. */
const MANY_JOURNALS = 8;
const COMPACT_ABOVE_BYTES = 48 * 1024 * 1024;

/**
 * Keeps the state on disk without making a request wait for more than one append: whatever changed in a turn of the
 * event loop is written together, and `written()` tells when it is in the file (so it survives `kill -9`; it is not
 * flushed against a power cut, as nothing here is real money).
 *
 * Files: `journal-<n>.jsonl` are appended to; `snapshot-<n>.jsonl` replaces every journal before `n`. Lines carry whole
 * objects, so reading one twice, or a snapshot that already holds later changes, does no harm.
 */
export class Journal {
  readonly #dir: string;
  readonly #source: Source;
  readonly #log: (line: string) => void;
  #file: FileHandle | undefined;
  #segment = 0;
  /** Written since the last snapshot, and the size of that one. */
  #bytes = 0;
  #live = 0;
  #dirty = new Map<string, Set<string>>();
  /** What the changes noted since the last append wait for, and what those being appended now wait for. */
  #collecting: PromiseWithResolvers<void> | undefined;
  #writing: Promise<void> | undefined;
  #compaction: Promise<void> | undefined;

  constructor(dir: string, source: Source, log: (line: string) => void) {
    this.#dir = dir;
    this.#source = source;
    this.#log = log;
  }

  /** Reads everything back, oldest first, then opens a new journal to append to. */
  async load(restore: (line: Line) => void): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const { snapshot, journals } = await this.#files();
    const names = snapshot === undefined ? [] : [`snapshot-${snapshot}.jsonl`];
    names.push(...journals.filter((n) => n >= (snapshot ?? 0)).map((n) => `journal-${n}.jsonl`));
    for (const name of names) {
      const path = join(this.#dir, name);
      const { size } = await stat(path);
      if (name.startsWith('snapshot')) this.#live = size;
      else this.#bytes += size;
      // A process killed in the middle of a write leaves half a line at the end of its journal: it was never
      // acknowledged, so it is left out.
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
        const parsed = parseLine(line);
        if (parsed) restore(parsed);
        else this.#log(`left out an incomplete line of ${name}`);
      }
    }
    await this.#openSegment(Math.max(snapshot ?? 0, ...journals, 0) + 1);
    if (journals.length >= MANY_JOURNALS) await this.compact();
  }

  note(collection: string, id: string): void {
    let ids = this.#dirty.get(collection);
    if (!ids) this.#dirty.set(collection, (ids = new Set()));
    ids.add(id);
    if (this.#collecting) return;
    this.#collecting = Promise.withResolvers<void>();
    this.#collecting.promise.catch(() => undefined);
    if (!this.#writing) setImmediate(() => void this.#drain());
  }

  /** Resolves when everything noted so far is in the file; rejects when the disk refuses. */
  async written(): Promise<void> {
    await (this.#collecting?.promise ?? this.#writing);
  }

  async close(): Promise<void> {
    await this.written();
    await this.#compaction;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #drain(): Promise<void> {
    while (this.#collecting) {
      const round = this.#collecting;
      const dirty = this.#dirty;
      this.#collecting = undefined;
      this.#dirty = new Map();
      this.#writing = round.promise;
      try {
        await this.#append(dirty);
        round.resolve();
      } catch (error) {
        this.#log(`could not write the journal: ${String(error)}`);
        round.reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #append(dirty: Map<string, Set<string>>): Promise<void> {
    let text = '';
    for (const [collection, ids] of dirty)
      for (const id of ids)
        text += `${JSON.stringify([collection, id, this.#source.read(collection, id) ?? null])}\n`;
    const bytes = Buffer.from(text);
    this.#bytes += bytes.length;
    await this.#file?.appendFile(bytes);
    // In step with what is live, so that a large state is not rewritten all the time.
    if (this.#bytes > Math.max(COMPACT_ABOVE_BYTES, this.#live) && !this.#compaction)
      this.#compaction = this.compact()
        .catch((error: unknown) => this.#log(`could not compact the journal: ${String(error)}`))
        .finally(() => (this.#compaction = undefined));
  }

  /** Writes all objects as they are into a snapshot, a few hundred a turn, while requests go on being answered. */
  async compact(): Promise<void> {
    const before = this.#file;
    await this.#openSegment(this.#segment + 1);
    const segment = this.#segment;
    this.#bytes = 0;
    await before?.close();
    const draft = join(this.#dir, `snapshot-${segment}.tmp`);
    const file = await open(draft, 'w', 0o600);
    let text = '';
    let count = 0;
    let written = 0;
    for (const line of this.#source.everything()) {
      text += `${JSON.stringify(line)}\n`;
      if (++count % 200 !== 0) continue;
      written += text.length;
      await file.appendFile(text);
      text = '';
    }
    await file.appendFile(text);
    await file.sync();
    await file.close();
    await rename(draft, join(this.#dir, `snapshot-${segment}.jsonl`));
    const { snapshots, journals } = await this.#files();
    for (const n of snapshots)
      if (n < segment) await rm(join(this.#dir, `snapshot-${n}.jsonl`), { force: true });
    for (const n of journals)
      if (n < segment) await rm(join(this.#dir, `journal-${n}.jsonl`), { force: true });
    this.#live = written;
  }

  async #openSegment(segment: number): Promise<void> {
    const file = await open(join(this.#dir, `journal-${segment}.jsonl`), 'a', 0o600);
    this.#segment = segment;
    this.#file = file;
  }

  async #files() {
    const names = await readdir(this.#dir);
    const numbers = (kind: string) =>
      names
        .flatMap((name) => new RegExp(`^${kind}-(\\d+)\\.jsonl$`).exec(name)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b);
    const snapshots = numbers('snapshot');
    return { snapshot: snapshots.at(-1), snapshots, journals: numbers('journal') };
  }
}

function parseLine(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
