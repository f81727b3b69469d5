import PostalMime, { type Address } from 'postal-mime';

export interface MailAttachment {
  filename: string;
  type: string;
  /** In bytes. */
  size: number;
  /** How the HTML refers to it (`cid:…`), when it is a picture in the message. */
  content_id: string | null;
}

export interface Message {
  id: string;
  from: string;
  /** As the headers say it. */
  to: string;
  /** Every address it was delivered to, in lower case. */
  recipients: string[];
  subject: string;
  received_at: string;
  text: string;
  html: string | null;
  /** Every address that the message links to, in order, each once. */
  links: string[];
  attachments: MailAttachment[];
}

const write = (address: Address): string =>
  address.group
    ? `${address.name}: ${address.group.map(write).join(', ')};`
    : address.name
      ? `${address.name} <${address.address}>`
      : (address.address ?? '');

const unescapeHtml = (text: string) =>
  text.replaceAll('&amp;', '&').replaceAll('&#38;', '&').replaceAll('&quot;', '"').replaceAll('&#x3D;', '=');

function linksIn(html: string | undefined, text: string | undefined): string[] {
  const fromHtml = [...(html ?? '').matchAll(/<a\b[^>]*?\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(
    ([, double, single]) => unescapeHtml(double ?? single ?? ''),
  );
  const fromText = [...(text ?? '').matchAll(/https?:\/\/[^\s<>"]+/g)].map(([link]) =>
    link.replace(/[.,;:!?)\]]+$/, ''),
  );
  return [...new Set([...fromHtml, ...fromText].filter((link) => /^https?:/i.test(link)))];
}

/** Reads a stored message; `id` begins with the milliseconds of its arrival. */
export async function readMessage(id: string, raw: Buffer): Promise<Message> {
  const email = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
  return {
    id,
    from: email.from ? write(email.from) : '',
    to: (email.to ?? []).map(write).join(', '),
    recipients: email.headers
      .filter(({ key }) => key === 'x-envelope-to')
      .map(({ value }) => value.toLowerCase()),
    subject: email.subject ?? '',
    received_at: new Date(Number(id.slice(0, 15))).toISOString(),
    text: email.text ?? '',
    html: email.html ?? null,
    links: linksIn(email.html, email.text),
    attachments: email.attachments.map(({ filename, mimeType, content, contentId }, index) => ({
      filename: filename ?? `attachment-${index + 1}`,
      type: mimeType,
      size: content instanceof ArrayBuffer ? content.byteLength : content.length,
      content_id: contentId ? contentId.replace(/^<|>$/g, '') : null,
    })),
  };
}

/** One attachment's bytes, by its place in the message. */
export async function readAttachment(raw: Buffer, index: number): Promise<Uint8Array | null> {
  const { attachments } = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
  const content = attachments[index]?.content;
  if (content === undefined) return null;
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
}
