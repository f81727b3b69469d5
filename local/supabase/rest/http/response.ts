import { type Row } from '../database/pipeline.ts';
import { RestError, invalidRange } from '../errors.ts';
import { type Plan } from '../plan/plan.ts';
import { type Result } from '../sql/statement.ts';
import { sayApplied } from './preferences.ts';
import { answerRange, writeContentRange } from './ranges.ts';
import { type RestRequest } from './request.ts';

export interface RestAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

type Headers = Record<string, string>;

const charset = (type: string): string => `${type}; charset=utf-8`;

export function answerError(error: RestError): RestAnswer {
  const headers: Headers = {
    'content-type': charset('application/json'),
    'proxy-status': `PostgREST; error=${error.code}`,
  };
  if (error.status === 503) headers['retry-after'] = '1';
  for (const [name, value] of Object.entries(error.headers)) headers[name.toLowerCase()] = value;
  return { status: error.status, headers, body: JSON.stringify(error.toBody()) };
}

/** `[{"Set-Cookie": "…"}, …]`, what a function left in `response.headers`. */
function parseHeaders(setting: string): Headers {
  const complain = (): never => {
    throw new RestError(
      500,
      'PGRST111',
      'response.headers guc must be a JSON array composed of objects with a single key and a string value',
    );
  };
  let list: unknown;
  try {
    list = JSON.parse(setting);
  } catch {
    return complain();
  }
  if (!Array.isArray(list)) return complain();
  const headers: Headers = {};
  for (const one of list as unknown[]) {
    const [pair, ...others] = typeof one === 'object' && one !== null ? Object.entries(one) : [];
    if (!pair || others.length > 0 || typeof pair[1] !== 'string') return complain();
    headers[pair[0].toLowerCase()] = pair[1];
  }
  return headers;
}

function parseStatus(setting: string): number {
  if (/^[1-9]\d\d$/.test(setting)) return Number(setting);
  throw new RestError(500, 'PGRST112', 'response.status guc must be a valid status code');
}

/** What the transaction itself decided (references/transactions.html#response-headers) wins over ours. */
function override(answer: RestAnswer, { headers, status }: Result): RestAnswer {
  return {
    ...answer,
    status: status === null ? answer.status : parseStatus(status),
    headers: headers === null ? answer.headers : { ...answer.headers, ...parseHeaders(headers) },
  };
}

function contentHeaders(plan: Plan, request: RestRequest): Headers {
  const profile: Headers = request.schemaNegotiated ? { 'content-profile': request.schema } : {};
  return { 'content-type': charset(plan.media.type), ...profile };
}

function answerRows(
  plan: Plan,
  request: RestRequest,
  rows: number,
  total: number | null,
  body: string,
): RestAnswer {
  const { status, contentRange } = answerRange(plan.offset, rows, total);
  const headers: Headers = { 'content-range': contentRange };
  if (status === 416) {
    const error = invalidRange(
      `An offset of ${plan.offset} was requested, but there are only ${total} rows.`,
    );
    const answer = answerError(error);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }
  if (plan.isVoid) return { status: 204, headers, body: '' };
  const location: Headers = plan.location === null ? {} : { 'content-location': plan.location };
  return { status, headers: { ...headers, ...location, ...contentHeaders(plan, request) }, body };
}

function writeLocation(plan: Plan, location: string | null): Headers {
  if (location === null) return {};
  const pairs = (JSON.parse(location) as string[]).map((pair) => {
    const equals = pair.indexOf('=');
    return `${encodeURIComponent(pair.slice(0, equals))}=${encodeURIComponent(pair.slice(equals + 1))}`;
  });
  return { location: `/${encodeURIComponent(plan.resource)}?${pairs.join('&')}` };
}

function answerMutation(plan: Plan, request: RestRequest, rows: number, result: Result): RestAnswer {
  const { preferences } = request;
  const shows = preferences.return === 'representation';
  const total = preferences.count === 'exact' || preferences.count === 'estimated' ? rows : null;
  const none = result.inserted !== null && Number(result.inserted) <= 0;
  const content = shows ? contentHeaders(plan, request) : {};
  const body = shows ? (result.body ?? '') : '';
  switch (plan.kind) {
    case 'insert': {
      const headers = {
        'content-range': writeContentRange(1, 0, total),
        ...writeLocation(plan, result.location),
      };
      return { status: none ? 200 : 201, headers: { ...headers, ...content }, body };
    }
    case 'put':
      return { status: shows ? (none ? 200 : 201) : 204, headers: content, body };
    case 'update':
      return {
        status: shows ? 200 : 204,
        headers: { 'content-range': writeContentRange(0, rows - 1, total), ...content },
        body,
      };
    default:
      return {
        status: shows ? 200 : 204,
        headers: { 'content-range': writeContentRange(1, 0, total), ...content },
        body,
      };
  }
}

/** An estimate counts where nothing was counted, or where counting stopped. */
function findTotal(plan: Plan, { total }: Result, expected: number | null): number | null {
  if (total === null) return expected;
  const counted = Number(total);
  const isExact = plan.exactUpTo !== null && counted <= plan.exactUpTo;
  return isExact ? counted : Math.max(counted, expected ?? 0);
}

/** `expected`: Postgres's estimate of the number of rows, where one was asked for. */
export function answerResult(
  plan: Plan,
  request: RestRequest,
  result: Result,
  expected: number | null,
): RestAnswer {
  const rows = Number(result.rows);
  const total = findTotal(plan, result, expected);
  const answer =
    plan.kind === 'read' || plan.kind === 'call'
      ? answerRows(plan, request, rows, total, result.body ?? '')
      : answerMutation(plan, request, rows, result);
  const applied = sayApplied(request.preferences, plan.applicable);
  if (applied !== null) answer.headers['preference-applied'] = applied;
  answer.headers['vary'] ??= 'Accept, Prefer, Range';
  return override(answer, result);
}

/** The plan of the statement, line by line as Postgres gave it. */
export function answerPlan(plan: Plan, request: RestRequest, rows: Row[]): RestAnswer {
  const body = rows.map(([line]) => line ?? '').join('\n');
  return { status: 200, headers: contentHeaders(plan, request), body };
}
