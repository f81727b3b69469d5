// Keeps the desk's day and the rosters looked at last, so that they can be read without a connection. Network first: what is
// kept is only ever shown when nothing comes. Registered by src/desk/offline/keeping.ts; sends nothing.
const shelf = 'desk-1';
const pagesLiveMs = 18 * 60 * 60 * 1000;
const patienceMs = 4000;

const isPage = ({ pathname }) => /^(\/[a-z]{2})?\/desk(\/[0-9a-f-]{36})?$/.test(pathname);
const isPart = ({ pathname }) => /^\/(_astro|brand)\//.test(pathname);
const nameOf = (url) => url.origin + url.pathname + url.search;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function forgetPages() {
  const kept = await caches.open(shelf);
  for (const request of await kept.keys()) if (isPage(new URL(request.url))) await kept.delete(request);
}

async function keep(url, response) {
  // Sent to sign in, or no longer of the team: what is here is not theirs to see.
  if (response.redirected || response.status === 401 || response.status === 403) return forgetPages();
  if (!response.ok) return;
  const copy = response.clone();
  const headers = new Headers(copy.headers);
  headers.set('x-kept-at', String(Date.now()));
  await (await caches.open(shelf)).put(nameOf(url), new Response(await copy.blob(), { headers }));
}

async function kept(url) {
  const found = await (await caches.open(shelf)).match(nameOf(url));
  const age = Date.now() - Number(found?.headers.get('x-kept-at') ?? 0);
  return found && (isPart(url) || age < pagesLiveMs) ? found : undefined;
}

async function page(event, url) {
  const asked = fetch(event.request).then((response) => {
    // A navigation hands redirects on unfollowed: those are not pages.
    if (response.type !== 'opaqueredirect') event.waitUntil(keep(url, response.clone()));
    return response;
  });
  const patience = new Promise((resolve) => setTimeout(resolve, patienceMs));
  const first = await Promise.race([asked, patience]).catch(() => undefined);
  return first ?? (await kept(url)) ?? asked;
}

async function part(event, url) {
  const found = await kept(url);
  if (found) return found;
  const response = await fetch(event.request);
  event.waitUntil(keep(url, response.clone()));
  return response;
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (isPage(url)) event.respondWith(page(event, url));
  else if (isPart(url)) event.respondWith(part(event, url));
});

async function keepAll({ keep: pages = [], parts = [] }) {
  for (const [address, fresh] of [...parts.map((x) => [x, Infinity]), ...pages.map((x) => [x, 60_000])]) {
    const url = new URL(address);
    if (url.origin !== self.location.origin || !(isPage(url) || isPart(url))) continue;
    const before = await kept(url);
    if (before && Date.now() - Number(before.headers.get('x-kept-at')) < fresh) continue;
    const response = await fetch(url, { headers: { accept: isPage(url) ? 'text/html' : '*/*' } }).catch(
      () => null,
    );
    if (response) await keep(url, response);
  }
}

self.addEventListener('message', (event) => {
  if (event.data.forget) event.waitUntil(forgetPages());
  else event.waitUntil(keepAll(event.data));
});
