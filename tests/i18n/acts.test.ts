import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';

const folder = new URL('../../supabase/migrations/', import.meta.url);
const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
/** What the trail is told by name; names put together at the act are not among them. */
const acts = new Set(
  sources.flatMap((sql) => [...sql.matchAll(/audit\.note\([^,]+, '([a-z_]+)',/g)].map(([, act]) => act!)),
);

test('whatever is written into the trail is said in words, in every language', () => {
  expect(acts.size).toBeGreaterThan(40);
  for (const locale of ['en', 'es'] as const)
    expect([...acts].filter((act) => !(act in messages(locale).schedule.audit.acts))).toEqual([]);
});
