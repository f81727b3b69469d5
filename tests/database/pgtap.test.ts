import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { type PgTapResult, runPgTap } from '../../local/supabase/pgtap.ts';

const folder = join(import.meta.dirname, '../../supabase/tests');
// The seed's people have places in its classes of today and of the days to come, at hours of their own. These tests put the same
// people into classes that begin in a few minutes, whatever the hour: nobody is in two of them at once.
const owner = new pg.Client({ connectionString: inject('stack').pgTap.ownerUrl });
await owner.connect();
await owner.query(
  `select booking.give_back(k.id, 'room for tests') from booking.bookings k join booking.sessions s on s.id = k.session_id
   where k.state in ('confirmed', 'checked_in', 'no_show') and s.ends_at > now() - interval '1 day' order by s.id, k.id`,
);
await owner.end();

const results = await runPgTap({
  ...inject('stack').pgTap,
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
