// Keeps the desk's day, the rosters looked at last and the tills, so that they open without a connection. Network first: what is
// kept is only ever shown when nothing comes. Registered by src/site/offline/keeping.ts for the whole site, because it must
// notice wherever somebody signs in or out: rosters hold names and health notes, and are for the eyes of one person.
// It holds no taps and no sales (src/site/offline/store.ts): those are facts, carry no names, and outlive signing out.

/** Pages of one person, by the name the server says they are for (`X-Kept-For`). There is never a second shelf. */
const shelfOf = (who) => `desk-pages-${who}`;
const isShelf = (name) => name.startsWith('desk-pages-');
const parts = 'desk-parts-1';
const pagesLiveMs = 18 * 60 * 60 * 1000;
const partsLiveMs = 30 * 24 * 60 * 60 * 1000;
const patienceMs = 4000;
/** A page kept a moment ago is not asked for again ahead. */
const freshMs = 60_000;

/** A till without a ticket; what is rung up stands in its address (src/till/away/). */
const isTill = ({ pathname }) => /^(\/[a-z]{2})?\/till\/[0-9a-f-]{36}$/.test(pathname);
const isTills = ({ pathname }) => /^(\/[a-z]{2})?\/till$/.test(pathname);
const isPage = (url) => /^(\/[a-z]{2})?\/desk(\/[0-9a-f-]{36})?$/.test(url.pathname) || isTill(url);
/** What pages are made of; what is named after its content is always right. */
const isHashed = ({ pathname }) => pathname.startsWith('/_astro/');
const isPart = (url) => isHashed(url) || url.pathname.startsWith('/brand/');
const isDoor = ({ pathname }) => /^(\/[a-z]{2})?\/api\/auth\//.test(pathname);
const nameOf = (url) => url.origin + url.pathname + (isTill(url) ? '' : url.search);

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** Pages asked for before somebody came or went are not kept after it. */
let turn = 0;

async function dropShelves(exceptOf) {
  for (const name of await caches.keys()) if (isShelf(name) && name !== exceptOf) await caches.delete(name);
}

async function forgetPages() {
  turn++;
  await dropShelves();
}

async function put(shelf, url, response) {
  const copy = response.clone();
  const headers = new Headers(copy.headers);
  headers.set('x-kept-at', String(Date.now()));
  await (await caches.open(shelf)).put(nameOf(url), new Response(await copy.blob(), { headers }));
}

async function keepPage(url, response, asked) {
  const hasTicket = isTill(url) && url.search !== '';
  // A till that adds to its ticket is sent on to itself.
  const goesOn =
    hasTicket && (response.type === 'opaqueredirect' || new URL(response.url).pathname === url.pathname);
  // Sent to sign in, or no longer theirs to keep: what is here is not theirs to see.
  const turnedAway = !goesOn && (response.type === 'opaqueredirect' || response.redirected);
  if (turnedAway || [401, 403, 404].includes(response.status)) return forgetPages();
  const who = response.headers.get('x-kept-for');
  if (!response.ok || !who || hasTicket || asked !== turn) return;
  const shelf = shelfOf(who);
  await dropShelves(shelf);
  await put(shelf, url, response);
  if (asked !== turn) await caches.delete(shelf);
}

async function kept(url) {
  const names = isPage(url) ? (await caches.keys()).filter(isShelf) : [parts];
  for (const name of names) {
    const found = await (await caches.open(name)).match(nameOf(url));
    const age = Date.now() - Number(found?.headers.get('x-kept-at') ?? 0);
    if (found && age < (isPage(url) ? pagesLiveMs : partsLiveMs)) return found;
  }
  return undefined;
}

/** The network's answer, or what is kept when it does not come. */
async function networkFirst(asked, url) {
  const patience = new Promise((resolve) => setTimeout(resolve, patienceMs));
  const first = await Promise.race([asked, patience]).catch(() => undefined);
  return first ?? (await kept(url)) ?? asked;
}

async function page(event, url) {
  const now = turn;
  const asked = fetch(event.request).then((response) => {
    event.waitUntil(keepPage(url, response.clone(), now));
    return response;
  });
  return networkFirst(asked, url);
}

/** Where people choose a till: without a connection there is the one that was kept. */
async function tills(request) {
  try {
    return await fetch(request);
  } catch (error) {
    for (const name of (await caches.keys()).filter(isShelf))
      for (const { url } of await (await caches.open(name)).keys())
        if (isTill(new URL(url))) return Response.redirect(url);
    throw error;
  }
}

async function door(request) {
  await forgetPages();
  try {
    return await fetch(request);
  } finally {
    await forgetPages();
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (isDoor(url)) event.respondWith(door(request));
  else if (request.method !== 'GET') return;
  else if (isTills(url)) event.respondWith(tills(request));
  else if (isPage(url)) event.respondWith(page(event, url));
  else if (isHashed(url)) event.respondWith(kept(url).then((found) => found ?? fetch(request)));
  else if (isPart(url)) event.respondWith(networkFirst(fetch(request), url));
});

async function keepAll({ keep: pages = [], parts: files = [] }) {
  for (const address of files) {
    const url = new URL(address);
    if (url.origin !== self.location.origin || !isPart(url) || (await kept(url))) continue;
    const response = await fetch(url).catch(() => null);
    if (response?.ok) await put(parts, url, response);
  }
  for (const address of pages) {
    const url = new URL(address);
    const now = turn;
    if (url.origin !== self.location.origin || !isPage(url)) continue;
    const before = await kept(url);
    if (before && Date.now() - Number(before.headers.get('x-kept-at')) < freshMs) continue;
    const response = await fetch(url, { headers: { accept: 'text/html' } }).catch(() => null);
    if (response) await keepPage(url, response, now);
  }
  const shelf = await caches.open(parts);
  for (const request of await shelf.keys())
    if (!(await kept(new URL(request.url)))) await shelf.delete(request);
}

self.addEventListener('message', (event) => event.waitUntil(keepAll(event.data)));
