import { type Connection, type PoolClient, type Submittable } from 'pg';
import { type Statement } from '../sql/text.ts';

/** One row as Postgres wrote it: every value as text, or null. */
export type Row = (string | null)[];

/** Statements a connection keeps prepared; the least recently used one makes room for the next. */
const KEPT_STATEMENTS = 256;

/** What is prepared on one connection. */
class PreparedStatements {
  readonly #names = new Map<string, string>();
  #generation = 0;
  #count = 0;
  /** Prepared, but of no more use: closed with the next pipeline. */
  #doomed: string[] = [];

  /** After a change of the schema everything is prepared anew: parameters may be of other types now. */
  startGeneration(generation: number): void {
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#doomed.push(...this.#names.values());
    this.#names.clear();
  }

  find(text: string): string | null {
    const name = this.#names.get(text);
    if (name === undefined) return null;
    this.#names.delete(text);
    this.#names.set(text, name);
    return name;
  }

  /** A name never used before on this connection. */
  newName(): string {
    this.#count += 1;
    return `rest_${this.#count}`;
  }

  keep(text: string, name: string): void {
    this.#names.set(text, name);
    if (this.#names.size <= KEPT_STATEMENTS) return;
    for (const [oldest, oldName] of this.#names) {
      this.#names.delete(oldest);
      this.#doomed.push(oldName);
      break;
    }
  }

  takeDoomed(): string[] {
    return this.#doomed.splice(0);
  }
}

const preparedByConnection = new WeakMap<Connection, PreparedStatements>();

function preparedOn(connection: Connection): PreparedStatements {
  const known = preparedByConnection.get(connection);
  if (known) return known;
  const prepared = new PreparedStatements();
  preparedByConnection.set(connection, prepared);
  return prepared;
}

/**
 * Statements sent in one go with a single Sync at their end. Without a BEGIN among them Postgres runs them
 * as one transaction that the Sync commits, and the first error undoes them all
 * (https://www.postgresql.org/docs/17/protocol-flow.html#PROTOCOL-FLOW-PIPELINING): one round trip instead
 * of four. pg calls the handlers below, as it does those of its own Query and of pg-cursor.
 */
class Pipeline implements Submittable {
  readonly #statements: readonly Statement[];
  readonly #generation: number;
  readonly #results: Row[][] = [[]];
  readonly #parsing: { text: string; name: string }[] = [];
  #stopListening = (): void => undefined;
  readonly done: Promise<Row[][]>;
  #resolve!: (results: Row[][]) => void;
  #reject!: (error: Error) => void;

  constructor(statements: readonly Statement[], generation: number) {
    this.#statements = statements;
    this.#generation = generation;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    const prepared = preparedOn(connection);
    prepared.startGeneration(this.#generation);
    connection.stream.cork();
    for (const name of prepared.takeDoomed()) connection.close({ type: 'S', name }, true);
    for (const { text, values } of this.#statements) {
      let name = prepared.find(text);
      if (name === null) {
        name = prepared.newName();
        connection.parse({ text, name, types: [] }, true);
        this.#parsing.push({ text, name });
      }
      connection.bind({ statement: name, values: [...values] }, true);
      connection.execute({}, true);
    }
    connection.sync();
    connection.stream.uncork();
    if (this.#parsing.length > 0) this.#listenForParsed(connection, prepared);
  }

  /** A statement that parses stays prepared, whatever becomes of it afterwards. */
  #listenForParsed(connection: Connection, prepared: PreparedStatements): void {
    const onParsed = (): void => {
      const parsed = this.#parsing.shift();
      if (parsed) prepared.keep(parsed.text, parsed.name);
    };
    connection.on('parseComplete', onParsed);
    this.#stopListening = () => connection.off('parseComplete', onParsed);
  }

  handleDataRow({ fields }: { fields: Row }): void {
    this.#results.at(-1)?.push(fields);
  }

  handleCommandComplete(): void {
    this.#results.push([]);
  }

  handleReadyForQuery(): void {
    this.#stopListening();
    this.#resolve(this.#results);
  }

  handleError(error: Error): void {
    this.#stopListening();
    this.#reject(error);
  }

  // pg insists on a callback; `done` says it all.
  callback(): void {}
  handleRowDescription(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}

/**
 * Runs statements in one round trip and returns the rows of each.
 * `generation`: number of the schema that the statements were written for.
 */
export function runPipeline(
  client: PoolClient,
  statements: readonly Statement[],
  generation: number,
): Promise<Row[][]> {
  const pipeline = new Pipeline(statements, generation);
  client.query(pipeline);
  return pipeline.done;
}
