/** The pay report as a file for spreadsheets (RFC 4180). Amounts are plain decimals, so that they can be summed. */
import { localised } from '#platform/i18n/index.ts';
import { exponentOf } from '#platform/money.ts';
import { isCorrected, headsLine, whyLine, type Words } from './why.ts';
import type { PayLine } from './report.ts';

/** A cell that a spreadsheet would take for a formula is text. */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** `-1234` of EUR as `-12.34`. */
export function decimal(cents: number, currency: string): string {
  const digits = exponentOf(currency);
  if (digits === 0) return String(cents);
  const text = String(Math.abs(cents)).padStart(digits + 1, '0');
  return `${cents < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function payCsv(lines: PayLine[], zone: string, words: Words): string {
  const { m, locale, currency } = words;
  const { csv } = m.instructors.pay;
  const head = [
    csv.instructor,
    csv.date,
    csv.time,
    csv.class,
    csv.kind,
    csv.heads,
    csv.amount,
    csv.currency,
    csv.why,
  ];
  const rows = lines.map((line) => {
    const at = Temporal.Instant.from(line.starts_at.replace(' ', 'T')).toZonedDateTimeISO(zone);
    return [
      line.instructor_name,
      at.toPlainDate().toString(),
      at.toPlainTime().toString().slice(0, 5),
      localised(line.class_name, locale),
      csv.kinds[line.kind],
      isCorrected(line.why) ? '' : headsLine(line.why, words),
      line.amount_cents === null ? '' : decimal(line.amount_cents, currency),
      currency,
      whyLine(line.why, words),
    ];
  });
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  return `\u{feff}${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
