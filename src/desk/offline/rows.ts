/** In the browser: the people on the page. */

export const rows = (): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('#roster > [data-booking]'),
];
export const rowOf = (booking: string): HTMLElement | null => document.getElementById(`b-${booking}`);

/** As members' codes are written: six of these, in whatever halves and capitals. */
export function codeIn(text: string): string | null {
  const plain = text.replaceAll(/[\s-]/g, '').toUpperCase();
  return /^[0-9A-HJKMNP-TV-Z]{6}$/.test(plain) ? plain : null;
}

/** Whose code it is, if they have a place here. */
export const scanned = (code: string): HTMLElement | undefined =>
  rows().find(
    ({ dataset }) =>
      dataset['code'] === code && /^(confirmed|checked_in|no_show)$/.test(dataset['state'] ?? ''),
  );
