import { readFile } from 'node:fs/promises';
import { createClient } from '@supabase/supabase-js';
import { type TestBackend, startBackend } from '../backend.ts';

const files = ['studio.sql', 'functions.sql'];

/** No generated types: the tests look at what comes over the wire. */
interface AnyDatabase {
  __InternalSupabase: { PostgrestVersion: '14.1' };
  studio: AnySchema;
  desk: AnySchema;
  vault: AnySchema;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnySchema = any;

function openClient(backend: TestBackend, token: string | null, headers: Record<string, string>) {
  return createClient<AnyDatabase, 'studio'>(backend.url, backend.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    db: { schema: 'studio' },
    global: { headers },
    ...(token === null ? {} : { accessToken: () => Promise.resolve(token) }),
  });
}

export type StudioClient = ReturnType<typeof openClient>;

export interface Studio {
  backend: TestBackend;
  /** Nobody in particular. */
  visitor: StudioClient;
  /** Signed in as member 1, Mia. */
  mia: StudioClient;
  /** Another client of the visitor's, or of Mia's, with headers of its own. */
  visitorWith(headers: Record<string, string>): StudioClient;
  miaWith(headers: Record<string, string>): StudioClient;
  stop(): Promise<void>;
}

/** A backend with the studio of `studio.sql` in it, for supabase-js to talk to. */
export async function openStudio(): Promise<Studio> {
  const sql = await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), 'utf8')));
  const backend = await startBackend({ sql: sql.join('\n'), schemas: ['studio', 'desk'] });
  const token = backend.tokenFor('11111111-1111-4111-8111-111111111111', { member: 1 });
  return {
    backend,
    visitor: openClient(backend, null, {}),
    mia: openClient(backend, token, {}),
    visitorWith: (headers) => openClient(backend, null, headers),
    miaWith: (headers) => openClient(backend, token, headers),
    stop: () => backend.stop(),
  };
}

/** The data of an answer that must not be an error. */
export async function rowsOf(asked: PromiseLike<{ data: unknown; error: unknown }>): Promise<unknown> {
  const { data, error } = await asked;
  if (error) throw new Error(`The request failed: ${JSON.stringify(error)}`);
  return data;
}

/** The values of one column, in order. */
export async function column(
  name: string,
  asked: PromiseLike<{ data: unknown; error: unknown }>,
): Promise<unknown[]> {
  return ((await rowsOf(asked)) as Record<string, unknown>[]).map((row) => row[name]);
}
