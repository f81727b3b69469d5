/** The drawings in pictures/, read once. They use only attributes, classes and the tokens: no ids, no style. */
export interface Drawing {
  viewBox: string;
  body: string;
}

const files = import.meta.glob<string>('./pictures/**/*.svg', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function parse(text: string): Drawing | null {
  const found = /<svg[^>]*viewBox="([^"]+)"[^>]*>([\s\S]*)<\/svg>/.exec(text);
  return found ? { viewBox: found[1] ?? '', body: (found[2] ?? '').replace(/\s*\n\s*/g, '').trim() } : null;
}

const drawings = new Map(
  Object.entries(files).map(([path, text]) => [
    path.replace(/^\.\/pictures\//, '').replace(/\.svg$/, ''),
    parse(text),
  ]),
);

/** A drawing by its name, as in `style/vinyasa`; null when there is none, so that an unknown style shows no picture. */
export const drawing = (name: string): Drawing | null => drawings.get(name) ?? null;

/** The names of a folder's drawings, as `style/yin` of `style`. */
export const drawingsIn = (folder: string): string[] =>
  [...drawings.keys()].filter((name) => name.startsWith(`${folder}/`)).sort();
