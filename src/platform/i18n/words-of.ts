/** A localised text that came with a refusal's facts, in one language; empty when it is none. */
export function inWords(text: unknown, language: 'en' | 'es'): string {
  if (typeof text !== 'object' || text === null) return '';
  const words = text as Record<string, unknown>;
  const found = words[language] ?? words.en ?? words.es;
  return typeof found === 'string' ? found : '';
}
