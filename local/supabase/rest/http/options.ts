import { type Catalog, findRelation, keyOf } from '../schema/catalog.ts';
import { type RestRequest } from './request.ts';
import { type RestAnswer } from './response.ts';

function findMethods({ resource, schema }: RestRequest, catalog: Catalog): string[] {
  const reading = ['OPTIONS', 'GET', 'HEAD'];
  if (resource.kind === 'root') return reading;
  if (resource.kind === 'function') {
    const overloads = catalog.functions.get(keyOf(schema, resource.name)) ?? [];
    return overloads.some(({ volatile }) => !volatile) ? [...reading, 'POST'] : ['OPTIONS', 'POST'];
  }
  const { insertable, updatable, deletable, primaryKey } = findRelation(catalog, schema, resource.name);
  return [
    ...reading,
    ...(insertable ? ['POST'] : []),
    ...(insertable && updatable && primaryKey.length > 0 ? ['PUT'] : []),
    ...(updatable ? ['PATCH'] : []),
    ...(deletable ? ['DELETE'] : []),
  ];
}

/** What can be done here, by anyone who may. */
export function answerOptions(request: RestRequest, catalog: Catalog): RestAnswer {
  const allow = findMethods(request, catalog).join(',');
  return { status: 200, headers: { allow, 'access-control-allow-origin': '*' }, body: '' };
}
