/** What the page brought: the board as it was drawn, its words, and whose screen it is. */
import type { CardContext } from '../card.ts';
import type { Board } from '../tickets.ts';

export interface BoardPage {
  board: Board;
  context: Omit<CardContext, 'now' | 'newId'>;
  words: Record<string, string>;
  user: string;
}

export const page = JSON.parse(document.getElementById('board-data')?.textContent ?? '{}') as BoardPage;
export const root = document.getElementById('board') as HTMLElement;
export const say = (key: string): string => page.words[key] ?? '';

/** Milliseconds by which this device's clock is behind the server's. */
const skew = Date.parse(page.board.now) - Date.now();

/** What cards are drawn with, now. */
export const context = (): CardContext => ({
  ...page.context,
  now: Date.now() + skew,
  newId: () => 'new',
});
