/** Which methods a route under pages/api answers, so that another one gets 405 with `Allow` without each file saying so. */

const files = import.meta.glob<Record<string, unknown>>('/src/pages/api/**/*.ts');

const patternOf = (file: string): string =>
  file
    .replace('/src/pages', '')
    .replace(/\.ts$/, '')
    .replace(/\/index$/, '');

export const endpointFiles = new Map(Object.entries(files).map(([file, load]) => [patternOf(file), load]));

const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Importing a module again costs a fiftieth of a short answer. */
const known = new Map<string, string[] | null>();

/** Null when `pattern` is no endpoint, or answers everything. */
export async function methodsOf(pattern: string): Promise<string[] | null> {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const module = await endpointFiles.get(pattern)?.();
  const methods =
    !module || 'ALL' in module
      ? null
      : verbs.filter((verb) => verb in module || (verb === 'HEAD' && 'GET' in module));
  // While it is written, a file's methods change.
  if (import.meta.env.PROD) known.set(pattern, methods);
  return methods;
}
