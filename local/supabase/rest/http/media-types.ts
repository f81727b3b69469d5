import { RestError } from '../errors.ts';

/** What an answer's body can be. */
export type MediaType =
  | { kind: 'json'; type: string }
  | { kind: 'csv'; type: string }
  /** An array whose objects leave out null values. */
  | { kind: 'stripped'; type: string }
  /** Exactly one object; anything else is an error. */
  | { kind: 'single'; type: string; stripNulls: boolean }
  | { kind: 'plan'; type: string; format: 'text' | 'json'; options: string[]; of: MediaType };

const JSON_TYPE: MediaType = { kind: 'json', type: 'application/json' };
const PLAN_OPTIONS = ['analyze', 'verbose', 'settings', 'buffers', 'wal'];

interface Wanted {
  name: string;
  parameters: Map<string, string>;
}

/** `type/subtype; name=value; name="quoted; value"` */
function parseMediaType(text: string): Wanted {
  const [name = '', ...rest] = text.match(/(?:"[^"]*"|[^;])+/g) ?? [];
  const parameters = rest.map((part): [string, string] => {
    const [key = '', ...value] = part.split('=');
    return [
      key.trim().toLowerCase(),
      value
        .join('=')
        .trim()
        .replace(/^"(.*)"$/, '$1'),
    ];
  });
  return { name: name.trim().toLowerCase(), parameters: new Map(parameters) };
}

function choosePlan(wanted: Wanted, text: string, plansAllowed: boolean): MediaType | null {
  if (!plansAllowed) return null;
  const of = choose(parseMediaType(wanted.parameters.get('for') ?? 'application/json'), text, false);
  if (!of) return null;
  const asked = (wanted.parameters.get('options') ?? '').split('|');
  return {
    kind: 'plan',
    type: text.trim(),
    format: wanted.name.endsWith('+json') ? 'json' : 'text',
    options: PLAN_OPTIONS.filter((option) => asked.includes(option)),
    of,
  };
}

function choose(wanted: Wanted, text: string, plansAllowed: boolean): MediaType | null {
  const stripNulls = wanted.parameters.get('nulls') === 'stripped';
  switch (wanted.name) {
    case '*/*':
    case 'application/*':
    case 'application/json':
      return JSON_TYPE;
    case 'text/csv':
      return { kind: 'csv', type: 'text/csv' };
    case 'application/vnd.pgrst.object':
    case 'application/vnd.pgrst.object+json':
      return {
        kind: 'single',
        type: `application/vnd.pgrst.object+json${stripNulls ? ';nulls=stripped' : ''}`,
        stripNulls,
      };
    case 'application/vnd.pgrst.array':
    case 'application/vnd.pgrst.array+json':
      return stripNulls
        ? { kind: 'stripped', type: 'application/vnd.pgrst.array+json;nulls=stripped' }
        : JSON_TYPE;
    case 'application/vnd.pgrst.plan':
    case 'application/vnd.pgrst.plan+text':
    case 'application/vnd.pgrst.plan+json':
      return choosePlan(wanted, text, plansAllowed);
    default:
      return null;
  }
}

/** Picks the first acceptable type, by the client's own order of preference (`q`). */
export function negotiate(accept: string | undefined, plansAllowed: boolean): MediaType {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return JSON_TYPE;
  const offers = (accept.match(/(?:"[^"]*"|[^,])+/g) ?? [])
    .map((text) => ({ text, wanted: parseMediaType(text) }))
    .map((offer) => ({ ...offer, quality: Number(offer.wanted.parameters.get('q') ?? 1) }))
    .sort((some, other) => other.quality - some.quality);
  for (const { text, wanted } of offers) {
    const chosen = choose(wanted, text, plansAllowed);
    if (chosen) return chosen;
  }
  throw new RestError(
    406,
    'PGRST107',
    `None of these media types are available: ${offers.map(({ text }) => text.trim()).join(', ')}`,
  );
}

export const contentTypeName = (header: string | undefined): string =>
  header === undefined ? 'application/json' : parseMediaType(header).name;
