/** The pages about oneself and one's own, and the team's pages about members. */
import { fill, type Scene } from './scenes.ts';

/** Of whoever is signed in; fullest for somebody with a past and a family. */
export const ownScenes = (person?: string): Scene[] => [
  { name: 'progress', path: '/account/progress' },
  { name: 'progress-year', path: '/account/progress?year=2025' },
  {
    name: 'progress-goal-wrong',
    path: '/account/progress',
    async act(page) {
      await page.locator('.goal-change').evaluate((part: HTMLDetailsElement) => (part.open = true));
      await fill({ target: '99' }, '/api/yoga/progress/goal')(page);
    },
  },
  { name: 'family', path: '/account/family' },
  {
    name: 'family-wrong',
    path: '/account/family',
    act: fill({ name: '', birthday: '2999-01-01' }, '/api/members/people'),
  },
  ...(person
    ? [
        { name: 'family-person', path: `/account/family/${person}` },
        { name: 'progress-person', path: `/account/progress?person=${person}` },
      ]
    : []),
  { name: 'waiver', path: '/account/waiver' },
  { name: 'statement', path: '/account/statement' },
  { name: 'wallet', path: '/account/wallet' },
  {
    name: 'profile-health-wrong',
    path: '/account/profile',
    async act(page) {
      // Said without agreeing that it is read, also by somebody who agreed before.
      await page
        .locator('form[action="/api/members/health-note"] [name="consent"]')
        .setChecked(false, { force: true });
      await fill({ note: 'A knee' }, '/api/members/health-note')(page);
    },
  },
];

export const unsignedScenes = (): Scene[] => [
  { name: 'account-unsigned', path: '/account' },
  { name: 'progress-none', path: '/account/progress' },
  { name: 'statement-none', path: '/account/statement' },
  { name: 'wallet-none', path: '/account/wallet' },
  { name: 'notifications-none', path: '/account/notifications' },
  { name: 'waiver-unsigned', path: '/account/waiver' },
  { name: 'waiver-wrong', path: '/account/waiver', act: fill({ typed_name: 'x' }, '/api/members/waiver') },
];

export const directoryScenes = (member: string): Scene[] => [
  { name: 'admin-members', path: '/admin/members' },
  { name: 'admin-members-found', path: '/admin/members?q=martin' },
  { name: 'admin-members-none', path: '/admin/members?q=nobody-of-the-kind' },
  { name: 'admin-member', path: `/admin/members/${member}` },
  {
    name: 'admin-member-note-wrong',
    path: `/admin/members/${member}`,
    act: fill({ body: '' }, `/api/members/${member}/notes`),
  },
  { name: 'admin-at-risk', path: '/admin/members/at-risk' },
  { name: 'admin-at-risk-none', path: '/admin/members/at-risk?days=90&visits=10' },
  { name: 'admin-waiver', path: '/admin/members/waiver' },
];

/** Of a pass with a past. */
export const passScenes = (pass: string): Scene[] => [{ name: 'pass', path: `/account/passes/${pass}` }];

/** The business's post, and a letter that was sent. */
export const postScenes = (member: string, letter: string): Scene[] => [
  { name: 'admin-messages', path: '/admin/messages' },
  { name: 'admin-messages-member', path: `/admin/messages?member=${member}` },
  { name: 'admin-messages-none', path: '/admin/messages?kind=refund_failed&state=withheld' },
  { name: 'admin-letter', path: `/admin/messages/${letter}` },
];
