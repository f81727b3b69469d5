import type { World } from '../world.ts';
export interface PageRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  languages: string;
}
export interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}
export function servePage(_world: World, _request: PageRequest): PageAnswer {
  return { status: 404, headers: {}, body: '' };
}
