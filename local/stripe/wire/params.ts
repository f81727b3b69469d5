import { invalidRequest, missingParam } from './errors.ts';
import type { Raw, RawFields } from './form.ts';

/** How one parameter is read. Throws the refusal Stripe gives when the value has the wrong shape. */
export interface Field<T> {
  readonly required?: true;
  read(raw: Raw, path: string): T;
}

/**
 * The parameters a route takes, by name. Every name must exist in the SDK's own type for that call, so a typing
 * slip or a parameter that Stripe has retired does not compile.
 */
export type Spec<P> = { [K in keyof P]?: Field<Exclude<P[K], undefined>> };

export function fields<P>(spec: Spec<P>): Field<P> {
  const known = new Map(Object.entries(spec) as [string, Field<unknown>][]);
  const needed = [...known].filter(([, field]) => field.required).map(([name]) => name);
  return {
    read(raw, path) {
      const given = asFields(raw, path);
      const out: Record<string, unknown> = {};
      for (const name in given) {
        const field = known.get(name);
        const at = path === '' ? name : `${path}[${name}]`;
        if (!field) throw unknownParam(at, [...known.keys()]);
        const value = field.read(given[name] as Raw, at);
        if (value !== undefined) out[name] = value;
      }
      for (const name of needed)
        if (!(name in given)) throw missingParam(path === '' ? name : `${path}[${name}]`);
      return out as P;
    },
  };
}

function unknownParam(param: string, known: string[]) {
  const here = known.length ? ` The emulator takes: ${known.join(', ')}.` : '';
  return invalidRequest(`Received unknown parameter: ${param}.${here}`, { param, code: 'parameter_unknown' });
}

function asFields(raw: Raw, path: string): RawFields {
  if (typeof raw === 'object') return raw;
  throw invalidRequest(`Invalid object`, { param: path });
}

function asText(raw: Raw, path: string): string {
  if (typeof raw === 'string') return raw;
  throw invalidRequest('Invalid string', { param: path });
}

/** Marks a parameter that may not be left out. */
export const required = <T>(field: Field<T>): Field<T> => ({ ...field, required: true });

export const text: Field<string> = { read: asText };

/** An address a browser can be sent to. */
export const webAddress: Field<string> = {
  read(raw, path) {
    const given = asText(raw, path);
    const { protocol } = URL.canParse(given) ? new URL(given) : { protocol: '' };
    if (protocol === 'http:' || protocol === 'https:') return given;
    throw invalidRequest('Not a valid URL', { param: path, code: 'url_invalid' });
  },
};

export const whole: Field<number> = {
  read(raw, path) {
    const given = asText(raw, path);
    if (/^-?\d{1,15}$/.test(given)) return Number(given);
    throw invalidRequest(`Invalid integer: ${given}`, { param: path, code: 'parameter_invalid_integer' });
  },
};

export const decimal: Field<number> = {
  read(raw, path) {
    const given = asText(raw, path);
    if (/^-?\d{1,15}(\.\d{1,12})?$/.test(given)) return Number(given);
    throw invalidRequest(`Invalid decimal: ${given}`, { param: path });
  },
};

export const flag: Field<boolean> = {
  read(raw, path) {
    if (raw === 'true') return true;
    if (raw === 'false') return false;
    throw invalidRequest(`Invalid boolean: ${String(raw)}`, { param: path });
  },
};

export function oneOf<const T extends string>(...values: T[]): Field<T> {
  return {
    read(raw, path) {
      const found = values.find((value) => value === raw);
      if (found !== undefined) return found;
      throw invalidRequest(`Invalid ${path}: must be one of ${values.join(', ')}`, { param: path });
    },
  };
}

export function listOf<T>(item: Field<T>): Field<T[]> {
  return {
    read(raw, path) {
      if (raw === '') return [];
      const given = asFields(raw, path);
      const places = Object.keys(given).sort((a, b) => Number(a) - Number(b));
      return places.map((place) => item.read(given[place] as Raw, `${path}[${place}]`));
    },
  };
}

/** A parameter that can be emptied by sending ''. */
export function emptiable<T>(field: Field<T>): Field<T | ''> {
  return { read: (raw, path) => (raw === '' ? '' : field.read(raw, path)) };
}

/** Either of two shapes, told apart by whether the value came as one string. */
export function eitherOf<A, B>(single: Field<A>, several: Field<B>): Field<A | B> {
  return {
    read: (raw, path) => (typeof raw === 'string' ? single.read(raw, path) : several.read(raw, path)),
  };
}

/** Taken without complaint and without effect, because here it could only change what a real card network does. */
export const noEffect: Field<never> = { read: () => undefined as never };

/** At most 50 keys of 40 characters with values of 500, as https://docs.stripe.com/api/metadata. '' clears it. */
export const metadata: Field<Record<string, string>> = {
  read(raw, path) {
    if (raw === '') return {};
    const given = asFields(raw, path);
    const out: Record<string, string> = {};
    for (const key in given) {
      const value = asText(given[key] as Raw, `${path}[${key}]`);
      if (key.length > 40)
        throw invalidRequest(`Metadata keys must be 40 characters or fewer: ${key}`, { param: path });
      if (value.length > 500)
        throw invalidRequest(`Metadata values must be 500 characters or fewer: ${key}`, { param: path });
      out[key] = value;
    }
    if (Object.keys(out).length > 50)
      throw invalidRequest('Metadata can have at most 50 keys.', { param: path });
    return out;
  },
};
