/** A tree of messages of which any part may be left out. */
export type DeepPartial<T> = {
  [K in keyof T]?: T[K] extends string | ((...args: never[]) => string) ? T[K] : DeepPartial<T[K]>;
};

type Branch = Record<string, unknown>;

const isBranch = (value: unknown): value is Branch =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function laidOver(base: Branch, patch: Branch): Branch {
  const result: Branch = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    const below = result[name];
    result[name] = isBranch(value) && isBranch(below) ? laidOver(below, value) : (value ?? below);
  }
  return result;
}

/** A copy of `base` in which every message that `patch` names is replaced. Neither argument is changed. */
export const overlay = <T extends object>(base: T, patch: DeepPartial<T>): T =>
  laidOver(base as Branch, patch as Branch) as T;
