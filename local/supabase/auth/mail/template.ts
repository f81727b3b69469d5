/**
 * The part of Go's html/template that Supabase's e-mail templates need, so that the same files serve here and there:
 * `{{ .Name }}`, `{{ .Data.key }}`, `{{ if .Data.key }}`, `{{ if eq .Data.key "a" "b" }}`, `{{ else }}`, `{{ end }}`.
 * Throws on anything else, so that a template which only works here cannot be written.
 */
export type Values = Record<string, string | Record<string, unknown>>;

export function renderTemplate(template: string, values: Values, escape: (text: string) => string): string {
  // One entry an open `if`: whether its current branch is taken.
  const open: { taken: boolean }[] = [];
  let text = '';
  let at = 0;
  for (const match of template.matchAll(/\{\{-?\s*(.*?)\s*-?\}\}/gs)) {
    const shown = open.every(({ taken }) => taken);
    if (shown) text += template.slice(at, match.index);
    at = match.index + match[0].length;
    const action = match[1]!;
    if (action.startsWith('if ')) open.push({ taken: holds(action.slice(3), values) });
    else if (action === 'else') flip(open, template);
    else if (action === 'end') {
      if (!open.pop()) throw new Error('A template has an {{ end }} too many.');
    } else if (shown) text += escape(String(lookUp(action, values) ?? ''));
  }
  if (open.length > 0) throw new Error('A template lacks an {{ end }}.');
  return text + template.slice(at);
}

export const escapeHtml = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** For a subject: what a person wrote about themselves cannot start another header. */
export const onOneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 200);

function flip(open: { taken: boolean }[], template: string) {
  const last = open.at(-1);
  if (!last) throw new Error(`A template has an {{ else }} without {{ if }}: ${template.slice(0, 80)}`);
  last.taken = !last.taken;
}

function holds(condition: string, values: Values): boolean {
  const equal = /^eq (\S+)((?: "[^"]*")+)$/.exec(condition);
  if (!equal) return Boolean(lookUp(condition, values));
  const accepted = [...equal[2]!.matchAll(/"([^"]*)"/g)].map(([, value]) => value);
  return accepted.includes(lookUp(equal[1]!, values) as string);
}

function lookUp(path: string, values: Values): unknown {
  if (!/^\.\w+(\.\w+)?$/.test(path)) throw new Error(`Templates cannot say {{ ${path} }} here.`);
  const [, name, key] = path.split('.') as [string, string, string?];
  if (!(name in values)) throw new Error(`Templates have no .${name}.`);
  const value = values[name];
  return key === undefined ? value : (value as Record<string, unknown>)[key];
}
