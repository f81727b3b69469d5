/** The bar's pages, at a counter that has tickets. */
import type { Scene } from './scenes.ts';

export const boardScenes = (location: string, ticket: string): Scene[] => [
  {
    name: 'board',
    path: `/board?location=${location}`,
    async act(page) {
      await page
        .locator('.ticket-more')
        .first()
        .evaluate((part: HTMLDetailsElement) => (part.open = true));
    },
  },
  {
    name: 'board-drinks',
    path: `/board?location=${location}&view=drinks`,
    async act(page) {
      await page.locator('#sold-out').evaluate((part: HTMLDetailsElement) => (part.open = true));
    },
  },
  { name: 'board-ticket', path: `/board/tickets/${ticket}` },
];
