/** The pages behind the counter, in parts: a row of twenty is nobody's map. */
import { type StaffRole, holdsRole } from '#platform/guards.ts';
import type { Messages } from '#platform/i18n/index.ts';

export interface OfficePage {
  path: string;
  name: string;
}
export interface OfficePart {
  name: string;
  pages: OfficePage[];
}

// The role is the one that the page itself requires; managers' when none is said.
const all = (m: Messages): { name: string; pages: (OfficePage & { role?: StaffRole })[] }[] => [
  { name: m.admin.nav.overview, pages: [{ path: '/admin', name: m.admin.nav.overview }] },
  {
    name: m.admin.nav.parts.calendar,
    pages: [
      { path: '/admin/schedule', name: m.schedule.nav.schedule },
      { path: '/admin/classes', name: m.schedule.nav.classes },
      { path: '/admin/rooms', name: m.schedule.nav.rooms },
      { path: '/admin/booking', name: m.desk.rules.nav },
    ],
  },
  {
    name: m.admin.nav.parts.bar,
    pages: [
      { path: '/admin/products', name: m.products.nav },
      { path: '/admin/stock', name: m.stock.nav, role: 'barista' },
      { path: '/admin/analytics/shop', name: m.shopAnalytics.nav },
      { path: '/admin/readers', name: m.readers.kept.title },
      { path: '/admin/developers', name: m.outside.nav },
    ],
  },
  {
    name: m.admin.nav.parts.customers,
    pages: [
      { path: '/admin/members', name: m.members.list.nav, role: 'front_desk' },
      { path: '/admin/messages', name: m.letters.nav },
    ],
  },
  {
    name: m.admin.nav.parts.sales,
    pages: [
      { path: '/admin/plans', name: m.plans.kept.nav },
      { path: '/admin/gift-cards', name: m.giftCards.kept.nav },
      { path: '/admin/promotions', name: m.promotions.kept.title },
      { path: '/admin/loyalty', name: m.loyalty.kept.title },
    ],
  },
  {
    name: m.admin.nav.parts.team,
    pages: [
      { path: '/admin/staff', name: m.admin.nav.staff },
      { path: '/admin/instructors', name: m.instructors.team.title },
      { path: '/admin/pay', name: m.instructors.pay.title },
    ],
  },
  {
    name: m.admin.nav.parts.records,
    pages: [
      { path: '/admin/ledger', name: m.admin.nav.ledger },
      { path: '/admin/jobs', name: m.admin.nav.jobs },
      // The trail is about the managers too, so it is the owner's alone.
      { path: '/admin/audit', name: m.schedule.nav.audit, role: 'owner' },
    ],
  },
];

/** Whether the page at `here` is this one or below it; the overview is above all. */
export const isIn = (path: string, here: string): boolean =>
  here === path || (path !== '/admin' && here.startsWith(`${path}/`));

/** What opens for somebody with `roles`. A part of which nothing does is not there. */
export const officeParts = (m: Messages, roles: readonly StaffRole[]): OfficePart[] =>
  all(m)
    .map(({ name, pages }) => ({
      name,
      pages: pages.filter(({ role = 'manager' }) => holdsRole(roles, role)),
    }))
    .filter(({ pages }) => pages.length > 0);
