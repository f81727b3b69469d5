import { type IncomingMessage } from 'node:http';
import { RestError } from '../errors.ts';
import { contentTypeName } from './media-types.ts';
import { type Preferences, parsePreferences } from './preferences.ts';

export type Resource = { kind: 'relation' | 'function'; name: string } | { kind: 'root' };

/** An HTTP request, as far as it can be understood without the database. */
export interface RestRequest {
  method: string;
  /** As PostgREST sees it, behind the gateway: without `/rest/v1`. */
  path: string;
  resource: Resource;
  queryString: string;
  schema: string;
  /** The schema was a choice, so the answer names it. */
  schemaNegotiated: boolean;
  preferences: Preferences;
  accept: string | undefined;
  contentType: string;
  range: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

const PREFIX = '/rest/v1';

function findResource(path: string): Resource {
  const parts = path.split('/').filter((part) => part !== '');
  let names: string[];
  try {
    names = parts.map(decodeURIComponent);
  } catch {
    names = [];
  }
  const [first, second] = names;
  if (parts.length === 0) return { kind: 'root' };
  if (names.length === 1 && first !== undefined) return { kind: 'relation', name: first };
  if (names.length === 2 && first === 'rpc' && second !== undefined)
    return { kind: 'function', name: second };
  throw new RestError(404, 'PGRST125', 'Invalid path specified in request URL');
}

/** Reading requests choose a schema by Accept-Profile, writing ones by Content-Profile. */
function findSchema(
  method: string,
  headers: IncomingMessage['headers'],
  schemas: string[],
): Pick<RestRequest, 'schema' | 'schemaNegotiated'> {
  const writes = ['POST', 'PATCH', 'PUT', 'DELETE'].includes(method);
  const asked = headers[writes ? 'content-profile' : 'accept-profile'];
  const [first = ''] = schemas;
  if (typeof asked !== 'string') return { schema: first, schemaNegotiated: schemas.length > 1 };
  if (!schemas.includes(asked)) {
    throw new RestError(406, 'PGRST106', `Invalid schema: ${asked}`, {
      hint: `Only the following schemas are exposed: ${schemas.join(', ')}`,
    });
  }
  return { schema: asked, schemaNegotiated: true };
}

export function readRequest(incoming: IncomingMessage, body: string, schemas: string[]): RestRequest {
  const url = incoming.url ?? '/';
  const question = url.indexOf('?');
  const fullPath = question < 0 ? url : url.slice(0, question);
  const path =
    fullPath.startsWith(`${PREFIX}/`) || fullPath === PREFIX ? fullPath.slice(PREFIX.length) : fullPath;
  const { headers, method = 'GET' } = incoming;
  const prefer = headers.prefer;
  return {
    method,
    path: path === '' ? '/' : path,
    resource: findResource(path),
    queryString: question < 0 ? '' : url.slice(question + 1),
    ...findSchema(method, headers, schemas),
    preferences: parsePreferences(Array.isArray(prefer) ? prefer.join(',') : prefer),
    accept: headers.accept,
    contentType: contentTypeName(headers['content-type']),
    range: method === 'GET' ? headers.range : undefined,
    headers,
    body,
  };
}
