/**
 * One e-mail, in HTML for reading and in plain text for everything else, from the same parts. Tables and inline styles
 * because that is what mail programs read; the colours are the business's own.
 */
export interface Letter {
  subject: string;
  title: string;
  greeting: string;
  /** Paragraphs. */
  text: string[];
  /** What it is about: name, a line below it, an amount. */
  rows: { name: string; below?: string; amount?: string }[];
  total?: { name: string; amount: string; note?: string };
  button?: { text: string; url: string };
  signed: string;
  footer: string[];
  /** The way out of letters like this, where its reader has the choice. */
  stop?: { text: string; url: string };
}

export interface LetterColours {
  background: string;
  surface: string;
  ink: string;
  muted: string;
  accent: string;
  accent_ink: string;
}

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const sans = "font-family:'Instrument Sans',-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";
const serif = "font-family:Fraunces,Georgia,'Times New Roman',serif";

const paragraph = (text: string, c: LetterColours): string =>
  `<p style="${sans};font-size:16px;line-height:1.55;color:${c.ink};margin:0 0 16px">${escapeHtml(text).replaceAll('\n', '<br>')}</p>`;

const row = (r: Letter['rows'][number], c: LetterColours): string =>
  `<tr><td style="${sans};padding:14px 0;border-top:1px solid ${c.muted}33;color:${c.ink};font-size:16px;line-height:1.4">` +
  `<strong>${escapeHtml(r.name)}</strong>${r.below ? `<br><span style="color:${c.muted};font-size:14px">${escapeHtml(r.below).replaceAll('\n', '<br>')}</span>` : ''}</td>` +
  `<td align="right" valign="top" style="${sans};padding:14px 0;border-top:1px solid ${c.muted}33;color:${c.ink};font-size:16px;white-space:nowrap">${escapeHtml(r.amount ?? '')}</td></tr>`;

export function letterHtml(letter: Letter, language: string, business: string, c: LetterColours): string {
  const { total, button, stop } = letter;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(letter.subject)}</title></head>
<body style="margin:0;background:${c.background}"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:${c.background}"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
<tr><td style="${serif};font-size:20px;color:${c.accent};padding:0 8px 20px">${escapeHtml(business)}</td></tr>
<tr><td style="background:${c.surface};border-radius:16px;padding:32px 28px">
<h1 style="${serif};font-weight:500;font-size:28px;line-height:1.2;color:${c.ink};margin:0 0 20px">${escapeHtml(letter.title)}</h1>
${paragraph(letter.greeting, c)}${letter.text.map((text) => paragraph(text, c)).join('')}
${letter.rows.length > 0 ? `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 8px">${letter.rows.map((r) => row(r, c)).join('')}${total ? row({ name: total.name, below: total.note ?? '', amount: total.amount }, c) : ''}</table>` : ''}
${button ? `<p style="margin:24px 0"><a href="${escapeHtml(button.url)}" style="${sans};display:inline-block;background:${c.accent};color:${c.accent_ink};text-decoration:none;font-size:16px;font-weight:600;padding:14px 24px;border-radius:999px">${escapeHtml(button.text)}</a></p>` : ''}
${paragraph(letter.signed, c)}
</td></tr><tr><td style="padding:20px 8px">${letter.footer.map((line) => `<p style="${sans};font-size:13px;line-height:1.5;color:${c.muted};margin:0">${escapeHtml(line)}</p>`).join('')}${
    stop
      ? `<p style="${sans};font-size:13px;line-height:1.5;color:${c.muted};margin:8px 0 0"><a href="${escapeHtml(stop.url)}" style="color:${c.muted}">${escapeHtml(stop.text)}</a></p>`
      : ''
  }</td></tr>
</table></td></tr></table></body></html>`;
}

export function letterText(letter: Letter): string {
  const rows = letter.rows.map(
    (r) =>
      `- ${r.name}${r.amount ? `: ${r.amount}` : ''}${r.below ? `\n  ${r.below.replaceAll('\n', '\n  ')}` : ''}`,
  );
  const total = letter.total
    ? [`${letter.total.name}: ${letter.total.amount}`, ...(letter.total.note ? [letter.total.note] : [])]
    : [];
  return [
    letter.greeting,
    ...letter.text,
    ...(rows.length > 0 ? [[...rows, ...total].join('\n')] : []),
    ...(letter.button ? [`${letter.button.text}:\n${letter.button.url}`] : []),
    letter.signed,
    ['--', ...letter.footer, ...(letter.stop ? [`${letter.stop.text}: ${letter.stop.url}`] : [])].join('\n'),
  ].join('\n\n');
}
