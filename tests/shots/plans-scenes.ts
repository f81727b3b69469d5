/** The pages about packs and memberships: of whoever has them, and of who sells them. */
import { fill, type Scene } from './scenes.ts';

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Of somebody with a monthly membership of eight classes that is in order. */
export const subscriberScenes = (membership: string): Scene[] => {
  const freeze = `/account/memberships/${membership}/freeze`;
  const change = `/account/memberships/${membership}/change`;
  return [
    { name: 'plans', path: '/plans' },
    { name: 'passes', path: '/account/passes' },
    { name: 'freeze', path: freeze },
    { name: 'freeze-preview', path: `${freeze}?from_on=${day(3)}&until_on=${day(10)}` },
    { name: 'freeze-later', path: `${freeze}?from_on=${day(40)}&until_on=${day(47)}` },
    { name: 'freeze-too-long', path: `${freeze}?from_on=${day(3)}&until_on=${day(100)}` },
    { name: 'change', path: change },
    { name: 'change-dearer', path: `${change}?plan=unlimited` },
    { name: 'change-yearly', path: `${change}?plan=unlimited-year` },
    { name: 'wallet', path: '/account/wallet' },
    { name: 'points', path: '/account/points' },
  ];
};

/** Of a manager. `pass`: one that can be paid back; `member`: whose it is; `line`: of an order, a period of a membership. */
export const keeperScenes = ({
  member,
  pass,
  line,
}: {
  member: string;
  pass: string;
  line: string;
}): Scene[] => [
  { name: 'admin-plans', path: '/admin/plans' },
  { name: 'admin-plan-pack', path: '/admin/plans/ten-classes' },
  { name: 'admin-plan-membership', path: '/admin/plans/eight-a-month' },
  { name: 'admin-plan-new', path: '/admin/plans/new?kind=membership' },
  {
    name: 'admin-plan-wrong',
    path: '/admin/plans/new?kind=pack',
    act: fill({ name_en: 'Nonsense', price: 'dear' }, '/api/admin/plans'),
  },
  {
    name: 'admin-member-give',
    path: `/admin/members/${member}`,
    act: (page) => page.locator('.pass-acts').evaluate((part: HTMLDetailsElement) => (part.open = true)),
  },
  { name: 'admin-promotions', path: '/admin/promotions' },
  { name: 'admin-promotion-new', path: '/admin/promotions/new' },
  { name: 'admin-loyalty', path: '/admin/loyalty' },
  { name: 'admin-pass-refund', path: `/admin/passes/${pass}/refund` },
  { name: 'admin-period-refund', path: `/admin/memberships/${line}/refund` },
  {
    name: 'admin-period-refund-wrong',
    path: `/admin/memberships/${line}/refund`,
    act: fill({ amount: 'much', reason: 'A mistake' }, `/api/admin/memberships/${line}/refund`),
  },
];
