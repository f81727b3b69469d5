/** A request body before anyone has said what it should hold: strings at the leaves, lists keyed by position. */
export type Raw = string | RawFields;
export interface RawFields {
  [key: string]: Raw;
}

const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));

/** Reads `a=1&b[c][0]=2&d[]=3`, the encoding every Stripe SDK uses for bodies and queries. */
export function parseForm(text: string): RawFields {
  const root = emptyFields();
  if (text === '') return root;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    place(root, key, value);
  }
  return root;
}

function place(root: RawFields, key: string, value: string): void {
  if (!key.includes('[')) {
    root[key] = value;
    return;
  }
  const path = key.split('[').map((part) => (part.endsWith(']') ? part.slice(0, -1) : part));
  const last = path.pop() ?? '';
  let fields = root;
  for (const part of path) {
    const inner = fields[part];
    fields = typeof inner === 'object' ? inner : (fields[part] = emptyFields());
  }
  fields[last === '' ? String(Object.keys(fields).length) : last] = value;
}

/** Without a prototype, so that a key named `__proto__` is only a key. */
function emptyFields(): RawFields {
  return Object.create(null) as RawFields;
}
