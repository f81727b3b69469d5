/** The front desk's pages, and where a manager decides how it works. */
import { fill, type Scene } from './scenes.ts';

/** Of a class with people in it that is not over; somebody of them owes a fee. */
export const deskScenes = (session: string): Scene[] => [
  { name: 'desk', path: '/desk' },
  { name: 'desk-roster', path: `/desk/${session}` },
  {
    name: 'desk-roster-more',
    path: `/desk/${session}`,
    async act(page) {
      await page
        .locator('.desk-more')
        .first()
        .evaluate((part: HTMLDetailsElement) => (part.open = true));
    },
  },
  {
    name: 'desk-roster-owes',
    path: `/desk/${session}`,
    async act(page) {
      await page
        .locator('.desk-owes')
        .first()
        .evaluate((part: HTMLDetailsElement) => (part.open = true));
    },
  },
  { name: 'desk-walk-in', path: `/desk/${session}/walk-in` },
  {
    name: 'desk-walk-in-found',
    path: `/desk/${session}/walk-in?who=an`,
    async act(page) {
      await page
        .locator('.desk-packs')
        .first()
        .evaluate((part: HTMLDetailsElement) => (part.open = true));
    },
  },
];

export const rulesScenes: Scene[] = [
  { name: 'admin-booking', path: '/admin/booking' },
  {
    name: 'admin-booking-wrong',
    path: '/admin/booking',
    act: fill({ late_entry_minutes: '999' }, '/api/desk/rules'),
  },
];
