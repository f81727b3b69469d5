import type { World } from '../world.ts';
import { challengePage } from './challenge-page.ts';
import { checkoutPage } from './checkout/checkout-page.ts';
import { homePage } from './home-page.ts';
import { invoicePage, receiptPage } from './invoice-page.ts';
import { asset, notice, type PageAnswer, type PageRequest } from './layout.ts';
import { onboardingPage } from './onboarding-page.ts';
import { portalPage } from './portal/portal-page.ts';
import { voiceFor } from './words/words.ts';

type Show = (world: World, request: PageRequest, id: string) => PageAnswer;

const PAGES: [RegExp, Show][] = [
  [/^\/c\/pay\/(\w+)$/, checkoutPage],
  [/^\/3ds\/(\w+)$/, challengePage],
  [/^\/p\/session\/(\w+)$/, portalPage],
  [/^\/i\/(\w+)$/, invoicePage],
  [/^\/receipts\/(\w+)$/, receiptPage],
  [/^\/connect\/(\w+)$/, onboardingPage],
  [/^\/$/, homePage],
];

/** What people see: everything outside `/v1`. */
export function servePage(world: World, request: PageRequest): PageAnswer {
  if (request.path.startsWith('/assets/')) {
    const found = asset(request.path.slice('/assets/'.length));
    if (found) return found;
  }
  for (const [pattern, show] of PAGES) {
    const hit = pattern.exec(request.path);
    if (hit) return show(world, request, hit[1] ?? '');
  }
  const voice = voiceFor(null, request.languages);
  return notice(voice, { title: '404', text: request.path, status: 404 });
}
