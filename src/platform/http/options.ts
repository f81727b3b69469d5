/** What a handler under pages/api says about itself (endpoint.ts). */
import type { APIContext, APIRoute } from 'astro';
import type { z } from 'zod';
import type { Guard } from '../guards.ts';
import type { Refusal } from '../refusals.ts';
import type { Db } from '../supabase.ts';
import type { LimitName } from './rate-limit.ts';

/** What an act is given. */
export interface Asked<Input, Who> {
  /** Checked by the schema. Path parameters are in it too, under their names, and win over what was sent. */
  input: Input;
  context: APIContext;
  locals: App.Locals;
  /** As the asking person. */
  db: Db;
  /** What the guard returned. */
  who: Who;
  /** The idempotency key; empty unless `idempotent`. */
  key: string;
  /** The text of the body, for `body: 'raw'`. */
  body: string;
}

type Text<Data> = string | ((data: Data, context: APIContext) => string);

/** Write `act` before `message` and `form`: TypeScript learns from it what their `data` is. */
export interface EndpointOptions<Schema extends z.ZodType, Who, Data> {
  /** One line for the API document. */
  summary?: string;
  /** Of the body, or of the query for GET. Without one, whatever is sent is ignored. */
  input?: Schema;
  /** Only for the API document. */
  output?: z.ZodType;
  /** Who may; everyone when left out. */
  who?: Guard<Who>;
  /** How often: a row of http/rate-limit.ts. */
  limit: LimitName;
  /** One more count, by the account somebody names (an e-mail address), where guessing is involved. */
  account?: (input: z.output<Schema>) => string;
  /** Asks for an `Idempotency-Key` header or a hidden field `idempotency_key`. */
  idempotent?: boolean;
  /** `raw`: the text as it came, of any content type, from any origin (signed webhooks). `files`: multipart too. */
  body?: 'raw' | 'files';
  /** Of a raw body, which nothing checks here: what the API document says of it. */
  describes?: { body: z.ZodType; query?: z.ZodObject; headers?: z.ZodObject };
  /** Bytes. 64 kB when left out. */
  maxBody?: number;
  act(asked: Asked<z.output<Schema>, Who>): Promise<Data | Refusal | Response> | Data | Refusal | Response;
  /** Of the JSON answer when there is data: 200 when left out. */
  status?: 200 | 201 | 202;
  /** Cache-Control of the JSON answer: `no-store` when left out. */
  cache?: string;
  /** Said with the JSON answer, and on the page after a form. */
  message?: Text<Data>;
  /** For people without script. `done`: where to go on; `refused`: the page shown again with `locals.form`. Both fall
   *  back to the page the form was on. */
  form?: { done?: Text<Data>; refused?: string | ((context: APIContext) => string) };
}

/** What the API document is made of. */
export interface EndpointSpec {
  summary?: string | undefined;
  input?: z.ZodType | undefined;
  output?: z.ZodType | undefined;
  open: boolean;
  limit: LimitName;
  idempotent: boolean;
  raw: boolean;
  describes?: EndpointOptions<z.ZodType, unknown, unknown>['describes'];
  status: number;
}
export type Endpoint = APIRoute & { spec: EndpointSpec };
