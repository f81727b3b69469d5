/** Where lists go on, as opaque text: an instant as the database writes it, and an id. */
export const cursorOf = (at: string, id: string): string => Buffer.from(`${at} ${id}`).toString('base64url');

/** Null for what is no such cursor. */
export function readInstantAndId(cursor: string | null | undefined): [string, string] | null {
  const text = Buffer.from(cursor ?? '', 'base64url').toString();
  const [, at, id] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?\+00:00) ([0-9a-f-]{1,36})$/.exec(text) ?? [];
  return at && id && !Number.isNaN(Date.parse(at)) ? [at, id] : null;
}
