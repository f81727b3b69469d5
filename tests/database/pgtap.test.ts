import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { type PgTapResult, runPgTap } from '../../local/supabase/pgtap.ts';

const folder = join(import.meta.dirname, '../../supabase/tests');
const stack = inject('stack');
const results = await runPgTap({
  adminUrl: stack.adminUrl,
  ownerUrl: stack.databaseUrl,
  files: readdirSync(folder)
    .filter((name) => name.endsWith('.test.sql'))
    .sort()
    .map((name) => join(folder, name)),
});

for (const [file, tests] of Object.entries(Object.groupBy(results, (result) => result.file))) {
  describe(file, () => {
    test.each((tests ?? []).map((result, i): [string, PgTapResult] => [`${i + 1} ${result.name}`, result]))(
      '%s',
      (_name, result) => {
        expect(result, result.diagnostics).toMatchObject({ ok: true, skipped: false });
      },
    );
  });
}
