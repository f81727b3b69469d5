import { type CurrentCatalog } from '../database/live-catalog.ts';
import { RestError } from '../errors.ts';
import { type RestRequest } from '../http/request.ts';
import { planCall } from './call.ts';
import { planMutate } from './mutate.ts';
import { type Plan } from './plan.ts';
import { planRead } from './read.ts';

const MUTATIONS = { POST: 'insert', PUT: 'put', PATCH: 'update', DELETE: 'delete' } as const;

/** Decides what a request means for the database. */
export class Planner {
  plan(request: RestRequest, { catalog }: CurrentCatalog): Plan {
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
}
