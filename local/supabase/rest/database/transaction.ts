import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { RestError } from '../errors.ts';
import { type Setting } from '../schema/settings.ts';
import { type Statement } from '../sql/text.ts';
import { type Row, runPipeline } from './pipeline.ts';

/** In whose name and under which settings statements run. */
export interface TransactionContext {
  settings: Setting[];
  isolation: string | null;
  generation: number;
}

export interface Work {
  statements: Statement[];
  /**
   * Looks at the results before they are committed: throws to undo everything, returns false to undo it
   * quietly. Null when nothing can speak against committing, which saves a round trip.
   */
  inspect: ((results: Row[][]) => boolean) | null;
}

const plain = (text: string): Statement => ({ text, values: [] });

const COMMIT = plain('commit');
const ROLLBACK = plain('rollback');
const CHECK_CONSTRAINTS = plain('set constraints all immediate');

const ISOLATION_LEVELS = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'];

function writeBegin(isolation: string | null): Statement {
  const level = ISOLATION_LEVELS.find((known) => known === isolation?.toLowerCase());
  return plain(level ? `begin isolation level ${level}` : 'begin');
}

/** One statement sets everything, for the length of the transaction. */
function writeSettings(settings: Setting[]): Statement {
  const calls = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`);
  return {
    text: `select ${calls.join(', ')}`,
    values: settings.flatMap(({ name, value }) => [name, value]),
  };
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw new RestError(503, 'PGRST000', 'Database connection error. Retrying the connection.', {
      details: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

/** Everything in one go, committed by the end of the pipeline. */
async function runAtOnce(client: PoolClient, work: Work, context: TransactionContext): Promise<Row[][]> {
  const statements = [writeSettings(context.settings), ...work.statements];
  return (await runPipeline(client, statements, context.generation)).slice(1);
}

async function runAndLook(client: PoolClient, work: Work, context: TransactionContext): Promise<Row[][]> {
  const { generation } = context;
  const statements = [writeBegin(context.isolation), writeSettings(context.settings), ...work.statements];
  let commits = false;
  try {
    const results = (await runPipeline(client, statements, generation)).slice(2);
    commits = work.inspect?.(results) ?? true;
    // What a commit would have refused is to be refused here too.
    if (!commits) await runPipeline(client, [CHECK_CONSTRAINTS], generation);
    return results;
  } finally {
    await runPipeline(client, [commits ? COMMIT : ROLLBACK], generation);
  }
}

/** Of Postgres's own errors only a fatal one takes the connection along. */
const isFatal = ({ severity }: DatabaseError): boolean => severity === 'FATAL' || severity === 'PANIC';

/** Whatever did not come from Postgres or from us came from the socket. */
function connectionLost(cause: unknown): RestError {
  return new RestError(503, 'PGRST001', 'Database client error. Retrying the connection.', {
    details: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}

/** Runs the work in one transaction and returns the rows of each of its statements. */
export async function runTransaction(pool: Pool, work: Work, context: TransactionContext): Promise<Row[][]> {
  const client = await connect(pool);
  let broken = false;
  // While it is checked out nobody else listens to the client.
  const onError = (): void => {
    broken = true;
  };
  client.on('error', onError);
  try {
    const run = work.inspect !== null || context.isolation !== null ? runAndLook : runAtOnce;
    return await run(client, work, context);
  } catch (error) {
    if (error instanceof RestError) throw error;
    if (!(error instanceof DatabaseError)) {
      broken = true;
      throw connectionLost(error);
    }
    broken ||= isFatal(error);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
