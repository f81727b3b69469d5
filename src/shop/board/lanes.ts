/** Where a ticket stands on the board, how late it is, and what could be made in one go. Pure: the server and the screen both ask. */
import type { Mark, Step, Ticket, TicketLine, TicketState } from './tickets.ts';

export const lanes = ['todo', 'later', 'making', 'ready', 'done'] as const;
export type Lane = (typeof lanes)[number];

/** A ticket is for later while there are more than so many milliseconds until somebody must begin with it. */
const ahead = 10 * 60_000;
const minute = 60_000;
/** Milliseconds after which what stands on the counter is getting cold. */
const cold = 5 * minute;
/** Milliseconds for which what is gone can still be seen. */
const shownFor = 15 * minute;

export function laneOf(ticket: Ticket, now: number): Lane {
  switch (ticket.state) {
    case 'placed':
    case 'accepted': {
      const begin = Date.parse(ticket.ready_by) - Math.max(60, ticket.make_seconds) * 1000;
      return ticket.pickup_at !== null && begin - ahead > now ? 'later' : 'todo';
    }
    case 'making':
    case 'ready':
      return ticket.state;
    default:
      return 'done';
  }
}

/** The next step of the one large button; null where there is none. */
export const nextOf = (state: TicketState): TicketState | null =>
  (({ placed: 'making', accepted: 'making', making: 'ready', ready: 'collected' }) as const)[
    state as 'placed'
  ] ?? null;

export interface Age {
  tone: 'calm' | 'soon' | 'late';
  /** Whole minutes: until the promise, past it, or of waiting on the counter. */
  minutes: number;
  kind: 'in' | 'now' | 'late' | 'waiting';
}

/** Relative to what was promised; what is ready waits. */
export function ageOf(ticket: Ticket, now: number): Age {
  if (ticket.state === 'ready') {
    const waited = now - Date.parse(ticket.ready_at ?? ticket.ready_by);
    return {
      tone: waited > 2 * cold ? 'late' : waited > cold ? 'soon' : 'calm',
      minutes: Math.max(0, Math.floor(waited / minute)),
      kind: 'waiting',
    };
  }
  const left = Date.parse(ticket.ready_by) - now;
  if (left < -minute) return { tone: 'late', minutes: Math.floor(-left / minute), kind: 'late' };
  const soon = left < (ticket.make_seconds + 60) * 1000;
  if (left < minute) return { tone: 'soon', minutes: 0, kind: 'now' };
  return { tone: soon ? 'soon' : 'calm', minutes: Math.floor(left / minute), kind: 'in' };
}

const over = (ticket: Ticket): number => Date.parse(ticket.closed_at ?? ticket.ready_at ?? ticket.ready_by);

/** In the order in which they want to be looked at. */
export function inLane(tickets: Iterable<Ticket>, lane: Lane, now: number): Ticket[] {
  const found = [...tickets].filter((ticket) => laneOf(ticket, now) === lane);
  return lane === 'done'
    ? found
        .filter((ticket) => over(ticket) > now - shownFor)
        .sort((a, b) => over(b) - over(a))
        .slice(0, 12)
    : found.sort(
        (a, b) =>
          (lane === 'ready' ? over(a) - over(b) : Date.parse(a.ready_by) - Date.parse(b.ready_by)) ||
          a.call_number - b.call_number,
      );
}

export interface Batch {
  key: string;
  /** What it looks like: its first line. */
  line: TicketLine;
  quantity: number;
  of: { ticket: Ticket; lines: TicketLine[]; quantity: number }[];
}

const keyOf = (line: TicketLine): string =>
  JSON.stringify([
    line.product_id,
    line.modifiers.map(({ modifier_id, times }) => [modifier_id, times]),
    line.without.length,
    line.note,
  ]);

/** The same drink across tickets that are to be made now, the one that is due first at the top. */
export function batches(tickets: Iterable<Ticket>, now: number): Batch[] {
  const found = new Map<string, Batch>();
  const open = [...inLane(tickets, 'todo', now), ...inLane(tickets, 'making', now)];
  open.sort((a, b) => Date.parse(a.ready_by) - Date.parse(b.ready_by));
  for (const ticket of open) {
    for (const line of ticket.lines) {
      if (line.made || line.gone) continue;
      const key = keyOf(line);
      const batch = found.get(key) ?? { key, line, quantity: 0, of: [] };
      found.set(key, batch);
      const known = batch.of.find(({ ticket: other }) => other === ticket);
      if (known) {
        known.lines.push(line);
        known.quantity += line.quantity;
      } else batch.of.push({ ticket, lines: [line], quantity: line.quantity });
      batch.quantity += line.quantity;
    }
  }
  return [...found.values()];
}

/** A ticket as it will be when this tap has arrived; itself where the tap no longer fits. */
export function onTop(ticket: Ticket, act: Step | Mark): Ticket {
  if ('to' in act) {
    if (ticket.state !== act.from) return ticket;
    const at = new Date().toISOString();
    return {
      ...ticket,
      state: act.to,
      ready_at: act.to === 'ready' ? at : ticket.ready_at,
      closed_at: act.to === 'collected' ? at : null,
      back_to: act.from,
    };
  }
  const lines = ticket.lines.map((line) =>
    act.line_ids.includes(line.line_id) ? { ...line, made: act.made } : line,
  );
  const done = lines.every(({ made, gone }) => made || gone);
  const state = act.made ? (done ? 'ready' : 'making') : ticket.state === 'ready' ? 'making' : ticket.state;
  return { ...ticket, lines, state, ready_at: state === 'ready' ? new Date().toISOString() : null };
}
