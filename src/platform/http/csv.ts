/** Tables to take away. */

type Cell = string | number | boolean | null | undefined;

/** As RFC 4180 has it. A spreadsheet would run what begins like a formula: such text gets an apostrophe before it. */
function cell(value: Cell): string {
  const text = String(value ?? '');
  const tame =
    typeof value === 'string' && /^(?:[=@\t\r]|[+-](?![\d\s().]*$))/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

/** Rows under a first line of names, as a file; with the mark that tells spreadsheets it is UTF-8. */
export function csv(name: string, heads: string[], rows: Cell[][]): Response {
  const lines = [heads, ...rows].map((row) => row.map(cell).join(','));
  return new Response(`\uFEFF${lines.join('\r\n')}\r\n`, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}.csv"`,
      'Cache-Control': 'no-store',
    },
  });
}
