import { type Message } from './message.ts';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const styles = `
  :root { color-scheme: light dark; --ink: light-dark(#26221d, #ece7df); --muted: light-dark(#6d655b, #a79d90);
    --line: light-dark(#ddd6cb, #3b362f); --surface: light-dark(#fffdf9, #1f1c18); --accent: light-dark(#7a4a21, #e0a871); }
  * { box-sizing: border-box; }
  body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif;
    color: var(--ink); background: light-dark(#f7f3ec, #171512); }
  a { color: var(--accent); } a:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; margin-block-end: 1rem; }
  h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
  button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: .5rem; padding: .375rem .75rem; cursor: pointer; }
  ul.inbox { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; background: var(--surface); }
  ul.inbox li + li { border-block-start: 1px solid var(--line); }
  ul.inbox a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .75rem 1rem; text-decoration: none; color: inherit; }
  ul.inbox a:hover strong { text-decoration: underline; }
  small, dt { color: var(--muted); font-size: .875rem; } time { color: var(--muted); font-variant-numeric: tabular-nums; font-size: .875rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
  iframe { width: 100%; height: 70vh; border: 1px solid var(--line); border-radius: .75rem; background: #fff; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; }
  p.empty { text-align: center; padding: 3rem 1rem; color: var(--muted); }`;

const page = (title: string, body: string, head = '') => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${styles}</style>${head}</head><body>${body}</body></html>`;

const shortTime = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

const sizeOf = (bytes: number) => (bytes < 1024 ? `${bytes} bytes` : `${Math.ceil(bytes / 1024)} kB`);

export function listPage(messages: Message[]): string {
  const rows = messages.map(
    ({ id, to, from, subject, received_at }) => `<li><a href="/messages/${id}">
      <strong>${escape(subject || '(no subject)')}</strong><time datetime="${received_at}">${shortTime(received_at)}</time>
      <small>to ${escape(to)} · from ${escape(from)}</small></a></li>`,
  );
  const list = rows.length
    ? `<ul class="inbox">${rows.join('')}</ul>`
    : '<p class="empty">Nothing has been sent yet. Every e-mail the site sends appears here by itself.</p>';
  const clear = rows.length ? '<form method="post" action="/clear"><button>Delete all</button></form>' : '';
  return page(
    'Inbox',
    `<header><h1>Inbox</h1>${clear}</header><main>${list}</main>`,
    '<script src="/script.js" defer></script><noscript><meta http-equiv="refresh" content="5"></noscript>',
  );
}

export function messagePage({
  id,
  from,
  to,
  recipients,
  subject,
  received_at,
  text,
  html,
  attachments,
}: Message): string {
  const files = attachments.map(
    ({ filename, size }, index) =>
      `<a href="/messages/${id}/attachments/${index}">${escape(filename)}</a> <small>${sizeOf(size)}</small>`,
  );
  const body = html
    ? `<iframe src="/messages/${id}/html" title="The message as its reader sees it" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
       <h2>As plain text</h2><pre>${escape(text)}</pre>`
    : `<pre>${escape(text)}</pre>`;
  return page(
    subject || '(no subject)',
    `<p><a href="/">← Inbox</a></p><main><header><h1>${escape(subject || '(no subject)')}</h1><a href="/messages/${id}/source">Source</a></header>
    <dl><dt>From</dt><dd>${escape(from)}</dd><dt>To</dt><dd>${escape(to)}</dd><dt>Delivered to</dt><dd>${escape(recipients.join(', '))}</dd>
    <dt>Received</dt><dd><time datetime="${received_at}">${shortTime(received_at)}</time></dd>
    ${files.length ? `<dt>Attached</dt><dd>${files.join(', ')}</dd>` : ''}</dl>${body}</main>`,
  );
}

export const notFoundPage = () =>
  page(
    'Not found',
    '<main><h1>There is no such message</h1><p>It may have been deleted. <a href="/">Back to the inbox</a></p></main>',
  );
