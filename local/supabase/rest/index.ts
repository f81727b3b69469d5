import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { type Pool } from 'pg';
import { answerToFailure } from './database-errors.ts';
import { type CurrentCatalog, LiveCatalog } from './database/live-catalog.ts';
import { type Row } from './database/pipeline.ts';
import { runTransaction } from './database/transaction.ts';
import { RestError, notSingular, notSupported, tooManyAffected } from './errors.ts';
import { type RestRequest, readRequest } from './http/request.ts';
import { type RestAnswer, answerError, answerPlan, answerResult } from './http/response.ts';
import { type Claims, describeSession } from './http/session.ts';
import { type Plan } from './plan/plan.ts';
import { planRequest } from './plan/plan-request.ts';
import { RESULT_COLUMNS, type Result } from './sql/statement.ts';

export { RestError } from './errors.ts';
export { type RestAnswer } from './http/response.ts';
export { type Claims } from './http/session.ts';

export interface RestOptions {
  /** Connects as `authenticator`, a member of every role a request may act as. */
  pool: Pool;
  /** Exposed schemas; the first is the default. */
  schemas: string[];
  /** `[api] extra_search_path` of config.toml: schemas searched after the request's own. */
  extraSearchPath?: string[];
  /** `[api] max_rows` of config.toml: never more rows than this in one answer. Default: no limit. */
  maxRows?: number | null;
  /** Throws a RestError 401 for an unknown key or token. */
  authenticate(headers: IncomingHttpHeaders): Promise<Claims>;
  log?: (line: string) => void;
}

export interface Rest {
  handle(incoming: IncomingMessage, body: string): Promise<RestAnswer>;
  /** Reads the schema again; DDL that notifies `pgrst` does so by itself. */
  reload(): Promise<void>;
  /** Stops listening for changes; the pool stays its owner's. */
  close(): Promise<void>;
}

function readResult(row: Row | undefined): Result {
  const values = RESULT_COLUMNS.map((name, index) => [name, row?.[index] ?? null]);
  return Object.fromEntries(values) as Result;
}

/** `[{"Plan": {"Plan Rows": 57}}]` */
function readEstimate(rows: Row[] | undefined): number | null {
  const text = rows?.[0]?.[0];
  if (!text) return null;
  const [explained] = JSON.parse(text) as { Plan: { 'Plan Rows': number } }[];
  return explained?.Plan['Plan Rows'] ?? null;
}

/** Throws when the result must not stand: not the one row asked for, or more rows than allowed. */
function checkResult(plan: Plan, request: RestRequest, result: Result): void {
  const { maxAffected, handling } = request.preferences;
  const rows = Number(result.rows);
  if (plan.kind === 'put' && rows !== 1) {
    throw new RestError(400, 'PGRST115', 'Payload values do not match URL in primary key column(s)');
  }
  if (plan.media.kind === 'single' && plan.kind !== 'put' && !plan.isVoid && rows !== 1)
    throw notSingular(rows);
  if (plan.applicable.maxAffected && handling === 'strict' && maxAffected !== null && rows > maxAffected) {
    throw tooManyAffected(rows);
  }
}

/** Could `checkResult` object to something written? Then it must be looked at before the commit. */
function mustLook(plan: Plan, request: RestRequest): boolean {
  const { handling, maxAffected } = request.preferences;
  const limits = handling === 'strict' && maxAffected !== null;
  return !plan.readOnly && (plan.kind === 'put' || plan.media.kind === 'single' || limits);
}

/** A PostgREST for one machine: same addresses, headers, answers and errors, for what supabase-js can say. */
export function createRest(options: RestOptions): Rest {
  const { pool, schemas, authenticate, extraSearchPath = ['public', 'extensions'], maxRows = null } = options;
  const log = options.log ?? (() => undefined);
  const live = new LiveCatalog(pool, { schemas, extraSearchPath, maxRows }, log);

  // The first request should not have to wait for it; it will hear of a failure.
  live.get().catch(() => undefined);

  async function run(request: RestRequest, claims: Claims, current: CurrentCatalog): Promise<RestAnswer> {
    const plan = planRequest(request, current.catalog);
    const { tx } = request.preferences;
    const rollsBack = tx === 'rollback' && !plan.readOnly;
    if (rollsBack && !current.catalog.configuration.allowRollback) {
      throw notSupported("Prefer: tx=rollback (unless pgrst.db_tx_end is 'commit-allow-override')");
    }
    const explains = plan.media.kind === 'plan';
    const looks = !explains && mustLook(plan, request);
    const inspect = (results: Row[][]): boolean => {
      if (looks) checkResult(plan, request, readResult(results[0]?.[0]));
      return !rollsBack;
    };
    const statements = plan.estimate ? [plan.statement, plan.estimate] : [plan.statement];
    const work = { statements, inspect: looks || rollsBack ? inspect : null };
    const context = describeSession(request, claims, plan, current);
    const results = await runTransaction(pool, work, context);
    if (explains) return answerPlan(plan, request, results[0] ?? []);
    const result = readResult(results[0]?.[0]);
    if (!looks) checkResult(plan, request, result);
    return answerResult(plan, request, result, readEstimate(results[1]));
  }

  async function handle(incoming: IncomingMessage, body: string): Promise<RestAnswer> {
    let role = 'anon';
    try {
      const claims = await authenticate(incoming.headers);
      role = claims.role;
      const request = readRequest(incoming, body, schemas);
      const current = await live.get();
      return await run(request, claims, current);
    } catch (error) {
      const failure = answerToFailure(error, role === 'anon');
      if (failure.status >= 500) {
        log(`rest: ${incoming.method} ${incoming.url}: ${failure.code} ${failure.message}`);
        if (failure.code === 'PGRSTX00' && error instanceof Error) log(`rest: ${error.stack}`);
      }
      return answerError(failure);
    }
  }

  return { handle, reload: () => live.reload(), close: () => live.close() };
}
