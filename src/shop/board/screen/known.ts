/** What a screen knows of the tickets, in whatever order it hears of them. */
import type { Board, Ticket } from '../tickets.ts';

const tickets = new Map<string, Ticket>();
/** When each was last heard of, by this page's own clock. */
const heard = new Map<string, number>();

export const known = (): Ticket[] => [...tickets.values()];
export const numberOf = (ticketId: string): string => String(tickets.get(ticketId)?.call_number ?? '');

/** Of two words about a ticket the one with the higher version counts. True where it is a new one. */
export function learn(ticket: Ticket): boolean {
  const before = tickets.get(ticket.ticket_id);
  heard.set(ticket.ticket_id, performance.now());
  if (before && before.version >= ticket.version) return false;
  tickets.set(ticket.ticket_id, ticket);
  return before === undefined;
}

/** @param asked when the question was put: what was heard of since then may not be in the answer yet. */
export function learnTickets(board: Board, asked: number): void {
  const there = new Set(board.tickets.map(({ ticket_id }) => ticket_id));
  for (const id of tickets.keys()) if (!there.has(id) && (heard.get(id) ?? 0) < asked) tickets.delete(id);
  for (const ticket of board.tickets) learn(ticket);
}
