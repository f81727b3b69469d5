import { RestError } from '../errors.ts';

/** The Prefer header (RFC 7240), as PostgREST knows it: references/api/preferences.html */
export interface Preferences {
  resolution: 'merge-duplicates' | 'ignore-duplicates' | null;
  return: 'representation' | 'minimal' | 'headers-only' | null;
  count: 'exact' | 'planned' | 'estimated' | null;
  tx: 'commit' | 'rollback' | null;
  missing: 'default' | 'null' | null;
  handling: 'strict' | 'lenient' | null;
  timezone: string | null;
  maxAffected: number | null;
}

const CHOICES = {
  resolution: ['merge-duplicates', 'ignore-duplicates'],
  return: ['representation', 'minimal', 'headers-only'],
  count: ['exact', 'planned', 'estimated'],
  tx: ['commit', 'rollback'],
  missing: ['default', 'null'],
  handling: ['strict', 'lenient'],
} as const;

const NONE: Preferences = {
  resolution: null,
  return: null,
  count: null,
  tx: null,
  missing: null,
  handling: null,
  timezone: null,
  maxAffected: null,
};

function isChoice(name: string): name is keyof typeof CHOICES {
  return Object.hasOwn(CHOICES, name);
}

/** Takes one preference in; false when it is none of ours. Of several for the same thing the first counts. */
function take(preferences: Preferences, name: string, value: string): boolean {
  if (name === 'timezone') {
    preferences.timezone ??= value;
    return true;
  }
  if (name === 'max-affected') {
    if (/^\d{1,15}$/.test(value)) preferences.maxAffected ??= Number(value);
    return true;
  }
  if (!isChoice(name) || !(CHOICES[name] as readonly string[]).includes(value)) return false;
  if (preferences[name] === null) Object.assign(preferences, { [name]: value });
  return true;
}

/** Several Prefer headers arrive joined by commas. Unknown ones are refused only under `handling=strict`. */
export function parsePreferences(header: string | undefined): Preferences {
  if (!header) return NONE;
  const preferences = { ...NONE };
  const unknown: string[] = [];
  for (const part of header.split(',')) {
    const preference = part.trim();
    if (preference === '') continue;
    const equals = preference.indexOf('=');
    const name = equals < 0 ? preference : preference.slice(0, equals);
    if (!take(preferences, name, preference.slice(name.length + 1))) unknown.push(preference);
  }
  if (preferences.handling === 'strict' && unknown.length > 0) {
    throw new RestError(400, 'PGRST122', 'Invalid preferences given with handling=strict', {
      details: `Invalid preferences: ${unknown.join(', ')}`,
    });
  }
  return preferences;
}

/** What a kind of request takes no notice of is not said to be applied. */
export interface Applicable {
  resolution: boolean;
  return: boolean;
  missing: boolean;
  maxAffected: boolean;
}

/** The Preference-Applied header's value, null when there is nothing to say. */
export function sayApplied(preferences: Preferences, applicable: Applicable): string | null {
  const said = (name: keyof typeof CHOICES | 'timezone', applies = true): string[] => {
    const value = preferences[name];
    return applies && value !== null ? [`${name}=${value}`] : [];
  };
  const { maxAffected, handling } = preferences;
  const limits = applicable.maxAffected && maxAffected !== null && handling === 'strict';
  const applied = [
    ...said('resolution', applicable.resolution),
    ...said('missing', applicable.missing),
    ...said('return', applicable.return),
    ...said('count'),
    ...said('tx'),
    ...said('handling'),
    ...said('timezone'),
    ...(limits ? [`max-affected=${maxAffected}`] : []),
  ];
  return applied.length === 0 ? null : applied.join(', ');
}
