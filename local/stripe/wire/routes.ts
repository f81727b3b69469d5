import type { World } from '../world.ts';
import { invalidRequest } from './errors.ts';
import type { RawFields } from './form.ts';
import { fields, type Field } from './params.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

export interface Call<P> {
  world: World;
  params: P;
  /** The ids in the path, in order. */
  ids: string[];
  /** The path itself, which lists repeat as their `url`. */
  path: string;
}

export interface Route {
  method: Method;
  path: string;
  /** Reads the parameters and returns the act. Reading is apart, because what fails here has not begun. */
  prepare(world: World, given: RawFields, ids: string[], path: string): () => object;
}

/** A route without the `/v1` before it; `:id` stands for an id in the path. */
export function route<P>(
  method: Method,
  path: string,
  params: Field<P>,
  act: (call: Call<P>, id: string) => object,
): Route {
  return {
    method,
    path,
    prepare(world, given, ids, at) {
      const call = { world, params: params.read(given, ''), ids, path: at };
      return () => act(call, ids[0] ?? '');
    },
  };
}

export const noParams: Field<Record<never, never>> = fields({});

interface Node {
  literal: Map<string, Node>;
  id?: Node;
  routes: Map<Method, Route>;
}

const newNode = (): Node => ({ literal: new Map(), routes: new Map() });

export class Router {
  readonly #root = newNode();

  constructor(routes: Route[]) {
    for (const each of routes) {
      let node = this.#root;
      for (const part of each.path.split('/').slice(1)) {
        if (part === ':id') node = node.id ??= newNode();
        else {
          let next = node.literal.get(part);
          if (!next) node.literal.set(part, (next = newNode()));
          node = next;
        }
      }
      node.routes.set(each.method, each);
    }
  }

  /** Refuses, naming the route, what the emulator does not do. */
  find(method: string, path: string): { route: Route; ids: string[] } {
    const ids: string[] = [];
    let node: Node | undefined = path.startsWith('/v1/') ? this.#root : undefined;
    for (const part of path.slice(4).split('/')) {
      const next: Node | undefined = node?.literal.get(part);
      if (!next && node?.id) ids.push(decodeURIComponent(part));
      node = next ?? node?.id;
    }
    const found = node?.routes.get(method as Method);
    if (found) return { route: found, ids };
    throw invalidRequest(
      `Unrecognized request URL (${method}: ${path}). The Stripe emulator does not do this${
        node?.routes.size ? `; here it takes ${[...node.routes.keys()].join(', ')}` : ''
      }.`,
      { code: 'url_invalid', status: 404 },
    );
  }
}
