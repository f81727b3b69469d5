/** Every page and every state of it that is worth a picture. */
import type { Page } from 'playwright-core';
import type { Dealings, Studio } from './studio.ts';

export interface Scene {
  name: string;
  /** Without the language prefix; or a whole address. */
  path: string;
  /** What is done on the page before its picture is taken. */
  act?: (page: Page) => Promise<unknown>;
}

export interface View {
  /** `<who>-<language>`, as its files are called. */
  name: string;
  business: 'lotus' | 'barberia';
  /** Nobody is signed in when null. */
  email: string | null;
  /** Before every path. */
  prefix: '' | '/en' | '/es';
  scenes: Scene[];
}

/** Sends the page's form as it stands, past the browser's own checks. */
const send = (action: string) => async (page: Page) => {
  const sent = page.waitForEvent('load');
  await page.locator(`form[action="${action}"]`).evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
    form.requestSubmit();
  });
  await sent;
};

export const fill = (fields: Record<string, string>, action: string) => async (page: Page) => {
  for (const [name, value] of Object.entries(fields))
    await page.locator(`main [name="${name}"]`).first().fill(value);
  await send(action)(page);
};

/** Puts classes into the cart when it is empty, then shows the page again. */
const gather = (sessions: readonly string[]) => async (page: Page) => {
  await page.evaluate(async (ids) => {
    const cart = (await (await fetch('/api/sales/cart')).json()) as { data: { lines: unknown[] } };
    if (cart.data.lines.length > 0) return;
    for (const session_id of ids) {
      await fetch('/api/sales/cart', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ session_id }),
      });
    }
  }, sessions);
  await page.reload();
};

/** Something from the bar, eaten in with a tip, beside whatever is in the cart. */
const order = (slug: string) => async (page: Page) => {
  await page.evaluate(async (product) => {
    const send = (path: string, body: object) =>
      fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await send('/api/coffee/cart', { slug: product, note: 'Extra hot, please' });
    await send('/api/coffee/cart/handover', { serving: 'eat_in', table_label: '4', tip: '10' });
  }, slug);
  await page.reload();
};

const openMenu = (id: string) => async (page: Page) => {
  await page.locator(`#${id}`).evaluate((menu: HTMLElement) => menu.showPopover());
};

export const visitorScenes = (studio: Studio): Scene[] => [
  { name: 'home', path: '/' },
  { name: 'menu', path: '/', act: openMenu('site-menu') },
  { name: 'schedule', path: '/schedule' },
  { name: 'schedule-filtered', path: '/schedule?level=beginner' },
  { name: 'schedule-nothing', path: '/schedule?style=nothing-of-the-kind&level=advanced' },
  { name: 'class', path: `/classes/${studio.classSlug}` },
  { name: 'session', path: `/sessions/${studio.openSession}` },
  ...(studio.fullSession ? [{ name: 'session-full', path: `/sessions/${studio.fullSession}` }] : []),
  { name: 'bar', path: '/menu' },
  { name: 'bar-nothing', path: '/menu?q=nothing-of-the-kind' },
  { name: 'product', path: `/menu/${studio.product}` },
  { name: 'gift-cards', path: '/gift-cards' },
  { name: 'instructors', path: '/instructors' },
  { name: 'instructor', path: `/instructors/${studio.teacher}` },
  { name: 'visit', path: '/visit' },
  { name: 'cart-empty', path: '/cart' },
  { name: 'cart', path: '/cart', act: gather(studio.cart) },
  { name: 'signin', path: '/signin' },
  {
    name: 'signin-wrong',
    path: '/signin',
    act: fill({ email: 'somebody@example.test', password: 'not my password' }, '/api/auth/signin'),
  },
  { name: 'signup', path: '/signup' },
  {
    name: 'signup-wrong',
    path: '/signup',
    act: fill({ name: '', email: 'not an address', password: 'short' }, '/api/auth/signup'),
  },
  { name: 'forgot', path: '/forgot' },
  {
    name: 'forgot-sent',
    path: '/forgot',
    act: fill({ email: 'somebody@example.test' }, '/api/auth/forgot'),
  },
  { name: 'confirm', path: '/confirm' },
  { name: 'confirm-link', path: '/confirm?token_hash=pkce_0123456789abcdef0123456789abcdef&type=signup' },
  {
    name: 'confirm-used',
    path: '/confirm?token_hash=pkce_0123456789abcdef0123456789abcdef&type=signup',
    act: send('/api/auth/confirm'),
  },
  { name: 'reset', path: '/reset' },
  { name: 'terms', path: '/legal/terms' },
  { name: 'privacy', path: '/legal/privacy' },
  { name: '404', path: '/nothing-here' },
];

export const memberScenes = (studio: Studio, dealings: Dealings): Scene[] => [
  { name: 'home', path: '/' },
  { name: 'menu', path: '/', act: openMenu('account-menu') },
  { name: 'schedule', path: '/schedule' },
  { name: 'account', path: '/account' },
  { name: 'bookings', path: '/account/bookings' },
  { name: 'cancel', path: `/account/bookings/${dealings.paidBooking}/cancel` },
  { name: 'cancel-late', path: `/account/bookings/${dealings.lateBooking}/cancel` },
  { name: 'cancel-done', path: `/account/bookings/${dealings.calledOffBooking}/cancel` },
  { name: 'orders', path: '/account/orders' },
  { name: 'notifications', path: '/account/notifications' },
  { name: 'notification-choices', path: '/account/notifications/choices' },
  { name: 'order-to-pay', path: `/orders/${dealings.toPay}` },
  { name: 'order-declined', path: `/orders/${dealings.declined}` },
  { name: 'order-confirming', path: `/orders/${dealings.confirming}` },
  { name: 'order-paid', path: `/orders/${dealings.paid}` },
  { name: 'order-been', path: `/orders/${dealings.been}` },
  { name: 'order-expired', path: `/orders/${dealings.expired}` },
  { name: 'order-cancelled', path: `/orders/${dealings.cancelled}` },
  { name: 'order-called-off', path: `/orders/${dealings.calledOff}` },
  { name: 'order-unknown', path: '/orders/00000000-0000-4000-8000-000000000000' },
  { name: 'cart-empty', path: '/cart' },
  { name: 'checkout-empty', path: '/checkout' },
  { name: 'cart', path: '/cart', act: gather(studio.cart) },
  { name: 'checkout', path: '/checkout', act: gather(studio.cart) },
  { name: 'cart-bar', path: '/cart', act: order(studio.product) },
  { name: 'checkout-bar', path: '/checkout' },
  { name: 'bar-mine', path: '/menu' },
  {
    name: 'pay',
    path: `/orders/${dealings.toPay}`,
    async act(page) {
      await page.locator('form[action="/api/payments/create-intent"] button').click();
      await page.waitForURL(/\/c\/pay\//);
    },
  },
  { name: 'profile', path: '/account/profile' },
  {
    name: 'profile-wrong',
    path: '/account/profile',
    act: fill({ phone: 'call me', name: '' }, '/api/members/profile'),
  },
  { name: 'security', path: '/account/security' },
  { name: 'signout', path: '/signout' },
  { name: 'admin-refused', path: '/admin' },
];

export const staffScenes = (dealings: Dealings): Scene[] => [
  { name: 'menu', path: '/', act: openMenu('account-menu') },
  { name: 'account', path: '/account' },
  { name: 'bookings-none', path: '/account/bookings' },
  { name: 'orders-none', path: '/account/orders' },
  { name: 'somebodys-order', path: `/orders/${dealings.paid}` },
  { name: 'somebodys-refund', path: `/admin/orders/${dealings.paid}` },
  { name: 'admin', path: '/admin' },
  { name: 'admin-staff', path: '/admin/staff' },
  { name: 'admin-gift-cards', path: '/admin/gift-cards' },
  { name: 'admin-ledger', path: '/admin/ledger' },
  { name: 'admin-jobs', path: '/admin/jobs' },
  { name: 'admin-numbers', path: '/admin/analytics/shop' },
  { name: 'admin-day', path: '/admin/analytics/day' },
];

export const ownerScenes = (): Scene[] => [
  { name: 'account', path: '/account' },
  { name: 'admin', path: '/admin' },
  { name: 'admin-staff', path: '/admin/staff' },
  {
    name: 'admin-staff-invited',
    path: '/admin/staff',
    act: fill({ email: `new-teacher@example.test` }, '/api/business/invitations'),
  },
  {
    name: 'admin-staff-wrong',
    path: '/admin/staff',
    act: fill({ email: 'nobody' }, '/api/business/invitations'),
  },
  { name: 'admin-ledger', path: '/admin/ledger' },
  { name: 'admin-jobs', path: '/admin/jobs' },
];
