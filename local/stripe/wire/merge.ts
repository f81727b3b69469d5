/**
 * What an update's parameters make of an object: '' empties a property (null), metadata is merged key by key with ''
 * removing a key, everything else is replaced. Returns the changed properties only.
 */
export function merge<T extends object>(object: Readonly<T>, params: object): Partial<T> {
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    if (name === 'expand') continue;
    if (name === 'metadata')
      patch[name] = mergeMetadata(
        (object as { metadata?: Record<string, string> }).metadata,
        value as object,
      );
    else patch[name] = value === '' ? null : value;
  }
  return patch as Partial<T>;
}

function mergeMetadata(before: Record<string, string> | null | undefined, given: object) {
  // An empty object is what `metadata=` (clear it all) was read as.
  if (Object.keys(given).length === 0) return {};
  const merged: Record<string, string> = { ...before };
  for (const [key, value] of Object.entries(given))
    if (value === '') delete merged[key];
    else merged[key] = String(value);
  return merged;
}
