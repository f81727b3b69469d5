/** A till that only the database knows, for races. */
import { randomUUID } from 'node:crypto';
import type { Bar } from '../bar.ts';
import { allAtOnce, lotus } from '../world.ts';

/** At a bar, with its staff; `reader`: the card reader it uses. Its drawer is closed. */
export async function putTill(
  bar: Bar,
  staff: { id: string; role?: string | undefined }[],
  reader?: string,
): Promise<string> {
  const till = randomUUID();
  await allAtOnce(async (run) => {
    for (const { id, role = 'barista' } of staff)
      await run('insert into business.staff (business_id, user_id, role) values ($1, $2, $3)', [
        lotus,
        id,
        role,
      ]);
    await run('insert into shop.tills (id, business_id, location_id, name) values ($1, $2, $3, $4)', [
      till,
      lotus,
      bar.location,
      till.slice(0, 8),
    ]);
    if (reader)
      await run('insert into shop.till_readers (till_id, business_id, reader_id) values ($1, $2, $3)', [
        till,
        lotus,
        reader,
      ]);
  });
  return till;
}
