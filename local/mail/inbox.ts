import { type IncomingMessage, type ServerResponse } from 'node:http';
import { readAttachment, type Message } from './message.ts';
import { listPage, messagePage, notFoundPage } from './pages.ts';
import { type Store } from './store.ts';

// The pages run one small script of ours; a message runs none, loads nothing from elsewhere, and cannot reach the
// page around it.
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const messagePolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

/** Reloads the list when something has changed. */
const script = "new EventSource('/changes').onmessage = () => location.reload();";

/** Milliseconds for which a question may wait for its answer. */
const longestWait = 60_000;

type Send = (
  status: number,
  type: string,
  body: string | Uint8Array,
  headers?: Record<string, string>,
) => void;

export async function handleInbox(
  store: Store,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send: Send = (status, type, body, headers = {}) => {
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...headers,
    });
    response.end(body);
  };
  // A page elsewhere on the web must not read or empty the inbox through a name that it points here.
  const { host = '', origin } = request.headers;
  if (
    !/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host) ||
    (origin !== undefined && origin !== `http://${host}`)
  ) {
    return send(403, 'text/plain', 'This inbox answers to localhost only.');
  }
  const url = new URL(request.url ?? '/', `http://${host}`);
  const route = `${request.method === 'HEAD' ? 'GET' : request.method} ${url.pathname}`;

  if (route === 'GET /') return sendPage(send, 200, listPage(await store.list()));
  if (route === 'GET /script.js') return send(200, 'text/javascript', script);
  if (route === 'GET /changes') return sendChanges(store, request, response);
  if (route === 'GET /api/messages')
    return send(200, 'application/json', JSON.stringify(await find(store, url.searchParams, request)));
  if (route === 'DELETE /api/messages') return (await store.clear(), send(200, 'application/json', '{}'));
  if (route === 'POST /clear') return (await store.clear(), send(303, 'text/plain', '', { location: '/' }));

  const [, id = '', part = ''] = /^GET (?:\/api)?\/messages\/([^/]+)(\/.*)?$/.exec(route) ?? [];
  const message = await store.get(id);
  if (!message) return sendPage(send, 404, notFoundPage());
  if (route.startsWith('GET /api/'))
    return send(200, 'application/json', JSON.stringify(withAddresses(message, url.origin)));
  await sendMessage(store, message, part, send);
}

const sendPage = (send: Send, status: number, html: string) =>
  send(status, 'text/html; charset=utf-8', html, { 'content-security-policy': pagePolicy });

async function sendMessage(store: Store, message: Message, part: string, send: Send): Promise<void> {
  const raw = (await store.raw(message.id)) ?? Buffer.alloc(0);
  const index = Number(/^\/attachments\/(\d+)$/.exec(part)?.[1] ?? -1);
  if (part === '') return sendPage(send, 200, messagePage(message));
  if (part === '/source') return send(200, 'text/plain; charset=utf-8', raw);
  if (part === '/html')
    return send(200, 'text/html; charset=utf-8', standalone(message), {
      'content-security-policy': messagePolicy,
    });
  const content = await readAttachment(raw, index);
  const attachment = message.attachments[index];
  if (!content || !attachment) return sendPage(send, 404, notFoundPage());
  // Pictures are shown where the message puts them; nothing else is opened under this address.
  const shown = /^image\/(png|jpeg|gif|webp)$/.test(attachment.type);
  const name = encodeURIComponent(attachment.filename);
  send(200, shown ? attachment.type : 'application/octet-stream', content, {
    'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
  });
}

/** The message's HTML with its pictures, and links that open beside the inbox. */
function standalone(message: Message): string {
  const html = (message.html ?? '').replaceAll(/\bcid:([^"')\s>]+)/g, (whole, id: string) => {
    const index = message.attachments.findIndex(({ content_id }) => content_id === decodeURIComponent(id));
    return index < 0 ? whole : `/messages/${message.id}/attachments/${index}`;
  });
  return `<!doctype html><base target="_blank">${html}`;
}

const withAddresses = (message: Message, origin: string) => ({
  ...message,
  url: `${origin}/messages/${message.id}`,
  attachments: message.attachments.map((attachment, index) => ({
    ...attachment,
    url: `${origin}/messages/${message.id}/attachments/${index}`,
  })),
});

/**
 * `to` (an address), `subject` (a part of it), `after` (an id), `limit`; newest first. With `wait` (milliseconds) the
 * answer comes as soon as there is a message to show, or empty when none has come by then.
 */
async function find(store: Store, query: URLSearchParams, request: IncomingMessage) {
  const deadline = Date.now() + Math.min(Number(query.get('wait') ?? 0) || 0, longestWait);
  const limit = Number(query.get('limit') ?? 200) || 200;
  const to = query.get('to')?.toLowerCase() ?? '';
  const subject = query.get('subject')?.toLowerCase() ?? '';
  const after = query.get('after') ?? '';
  const wanted = (message: Message) =>
    message.id > after &&
    (to === '' || message.recipients.includes(to)) &&
    message.subject.toLowerCase().includes(subject);
  for (;;) {
    const left = deadline - Date.now();
    // Watched before it is looked for, so that none slips through in between.
    let heard: () => void = () => {};
    const change = new Promise<void>((resolve) => (heard = resolve));
    const unwatch = store.watch(heard);
    const timer = setTimeout(heard, Math.max(left, 0));
    request.socket.once('close', heard);
    try {
      const found = await store.list(wanted, limit);
      if (found.length > 0 || left <= 0 || request.socket.destroyed) {
        return found.map((message) => withAddresses(message, `http://${request.headers.host}`));
      }
      await change;
    } finally {
      unwatch();
      clearTimeout(timer);
      request.socket.off('close', heard);
    }
  }
}

function sendChanges(store: Store, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': listening\n\n');
  const unwatch = store.watch(() => response.write('data: changed\n\n'));
  request.once('close', unwatch);
}
