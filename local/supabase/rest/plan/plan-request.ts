import { RestError } from '../errors.ts';
import { type RestRequest } from '../http/request.ts';
import { type Catalog } from '../schema/catalog.ts';
import { planCall } from './call.ts';
import { planMutate } from './mutate.ts';
import { type Plan } from './plan.ts';
import { planRead } from './read.ts';

const MUTATIONS = { POST: 'insert', PUT: 'put', PATCH: 'update', DELETE: 'delete' } as const;

/**
 * Decides what a request means for the database. Nothing of it is kept: a call is planned in a few
 * microseconds, and the statement's text is the same every time, so Postgres has it prepared.
 */
export function planRequest(request: RestRequest, catalog: Catalog): Plan {
  const { method, resource } = request;
  const reads = method === 'GET' || method === 'HEAD';
  switch (resource.kind) {
    case 'root':
      throw new RestError(404, 'PGRST126', 'Root endpoint metadata is disabled');
    case 'function':
      if (!reads && method !== 'POST') {
        throw new RestError(405, 'PGRST101', `Cannot use the ${method} method on RPC`);
      }
      return planCall(request, resource.name, catalog);
    case 'relation':
      if (reads) return planRead(request, resource.name, catalog);
      if (Object.hasOwn(MUTATIONS, method)) {
        return planMutate(MUTATIONS[method as keyof typeof MUTATIONS], request, resource.name, catalog);
      }
      throw new RestError(405, 'PGRST117', `Unsupported HTTP method: ${method}`);
  }
}
