/** The card readers of a business: registered by the code on their screen, named, given to tills, removed. */
import { isOnline, makePlace, registerReader } from '#payments/stripe/terminal.ts';
import { reachable } from '#payments/payments.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { type Db, serviceDb } from '#platform/supabase.ts';

/** A row of `api.readers`, with whether it answers (null: not known). */
export interface KeptReader {
  reader_id: string;
  name: string;
  location_id: string;
  location_name: string;
  device: string;
  serial: string;
  simulated: boolean;
  /** A sale waits at it for a card. */
  busy: boolean;
  online: boolean | null;
  /** Those of its counter. */
  tills: { till_id: string; name: string; uses: boolean }[];
}

/** For managers. */
export async function keptReaders(db: Db, businessId: string): Promise<KeptReader[] | Refusal> {
  const found = answer(await db.rpc('readers', { business_id: businessId }, { get: true }));
  if (isRefused(found)) return found;
  return Promise.all(
    found.map(async ({ provider_ref, ...reader }) => ({
      ...reader,
      tills: reader.tills as unknown as KeptReader['tills'],
      online: await isOnline(provider_ref),
    })),
  );
}

interface Begun {
  reader_id: string;
  place_ref: string | null;
  location_name: string;
  country: string;
  address: { line1?: string; city?: string; postcode?: string };
}

/**
 * Registers the reader that shows `code`; every till of its counter without a reader uses it.
 * Refuses 404 location_not_found, 409 reader_exists, reader_known, 422 reader_name_invalid, reader_code_wrong, reader_place_incomplete, reader_country_unsupported.
 */
export async function addReader(
  db: Db,
  businessId: string,
  { location_id, name, code }: { location_id: string; name: string; code: string },
): Promise<{ reader_id: string } | Refusal> {
  const begun = answer(await db.rpc('begin_reader', { business_id: businessId, location_id, name }));
  if (isRefused(begun)) return begun;
  const { reader_id, location_name, country, address, ...known } = begun as unknown as Begun;
  const place = known.place_ref
    ? { ref: known.place_ref }
    : await makePlace(
        {
          name: location_name,
          country,
          line1: address.line1 ?? '',
          city: address.city,
          postcode: address.postcode,
        },
        location_id,
      ).catch(reachable);
  if (place === 'country') return new Refusal('reader_country_unsupported', 422);
  if (place === 'address') return new Refusal('reader_place_incomplete', 422, { field: 'location_id' });
  const asked = { readerId: reader_id, code, name, place: place.ref };
  const made = await registerReader(asked).catch(reachable);
  if (!made) return new Refusal('reader_code_wrong', 422, { field: 'code' });
  const attached = answer(
    await serviceDb().rpc('attach_reader', {
      reader_id,
      place_ref: place.ref,
      provider_ref: made.id,
      device: made.device_type,
      serial: made.serial_number,
      simulated: made.device_type.startsWith('simulated_'),
    }),
  );
  if (isRefused(attached)) return attached;
  return changeReader(db, businessId, {
    reader_id,
    name,
    till_ids: await tillsWithout(db, businessId, reader_id),
  });
}

async function tillsWithout(db: Db, businessId: string, readerId: string): Promise<string[]> {
  const all = readAnswer(await db.rpc('readers', { business_id: businessId }, { get: true }));
  const uses = (reader: (typeof all)[number]) =>
    (reader.tills as unknown as KeptReader['tills'])
      .filter((till) => till.uses)
      .map(({ till_id }) => till_id);
  const taken = new Set(all.flatMap(uses));
  const mine = all.find(({ reader_id }) => reader_id === readerId);
  return ((mine?.tills ?? []) as unknown as KeptReader['tills'])
    .map(({ till_id }) => till_id)
    .filter((id) => !taken.has(id));
}

/** Refuses 404 reader_not_found, till_not_found, 409 reader_exists, 422 reader_name_invalid. */
export async function changeReader(
  db: Db,
  businessId: string,
  change: { reader_id: string; name: string; till_ids: string[] },
): Promise<{ reader_id: string } | Refusal> {
  const done = answer(await db.rpc('change_reader', { business_id: businessId, ...change }));
  return isRefused(done) ? done : { reader_id: done };
}

/** Refuses 404 reader_not_found, 409 reader_busy. */
export async function removeReader(
  db: Db,
  businessId: string,
  readerId: string,
): Promise<{ reader_id: string } | Refusal> {
  const done = answer(await db.rpc('remove_reader', { business_id: businessId, reader_id: readerId }));
  return isRefused(done) ? done : { reader_id: done };
}

/** `api.till_reader`. */
export interface TillReader {
  reader_id: string;
  name: string;
  simulated: boolean;
  busy_with: { sale_id: string; till_id: string; till_name: string } | null;
}

/** The reader a till sends its sales to, if it has one. */
export async function readerOf(db: Db, businessId: string, tillId: string): Promise<TillReader | null> {
  const asked = { business_id: businessId, till_id: tillId };
  return readAnswer(await db.rpc('till_reader', asked, { get: true })) as unknown as TillReader | null;
}
