/** In the browser: a board that answers a tap at once, hears of other screens, and goes on without a connection. */
import { listen } from '#site/live.ts';
import { toast } from '#site/toast.ts';
import { type CardContext, batchHtml, cardHtml } from '../card.ts';
import { batches, inLane, lanes, onTop } from '../lanes.ts';
import type { Board, Mark, Outcome, Step, Ticket } from '../tickets.ts';
import { listenToKeys } from './keys.ts';
import { dropOld, writeList } from './lists.ts';
import { type Act, outbox } from './outbox.ts';
import { hearCounter, hearSoldOut, sendForm } from './panels.ts';

export interface BoardPage {
  board: Board;
  context: Omit<CardContext, 'now' | 'newId'>;
  words: Record<string, string>;
  user: string;
}

const tickMs = 10_000;
/** Milliseconds the way back is offered on the screen. */
const offerMs = 12_000;

const page = JSON.parse(document.getElementById('board-data')?.textContent ?? '{}') as BoardPage;
const root = document.getElementById('board') as HTMLElement;
const say = (key: string): string => page.words[key] ?? '';
const skew = Date.parse(page.board.now) - Date.now();
const tickets = new Map<string, Ticket>();
/** When each was last heard of, by this page's own clock. */
const heard = new Map<string, number>();
const done: { acts: Act[]; label: string }[] = [];
let connected = true;
let held = false;

const taps = outbox(page.user, hearOutcomes, tell, (sentence) => {
  toast(sentence || say('refused'), 'error');
  void read();
});

const context = (): CardContext => ({ ...page.context, now: Date.now() + skew, newId: () => 'new' });

/** Of two words about a ticket the one with the higher version counts, in whatever order they come. */
function learn(ticket: Ticket): boolean {
  const known = tickets.get(ticket.ticket_id);
  heard.set(ticket.ticket_id, performance.now());
  if (known && known.version >= ticket.version) return false;
  tickets.set(ticket.ticket_id, ticket);
  return known === undefined;
}

/** @param asked when the question was put: what was heard of since then may not be in the answer yet. */
function learnAll(board: Board, asked = Infinity): void {
  const there = new Set(board.tickets.map(({ ticket_id }) => ticket_id));
  for (const id of tickets.keys()) if (!there.has(id) && (heard.get(id) ?? 0) < asked) tickets.delete(id);
  for (const ticket of board.tickets) learn(ticket);
  hearCounter(board.counter);
  for (const one of [...board.products, ...board.modifiers]) hearSoldOut(one);
  draw();
}

/** What is known, with what was tapped here and not answered yet on top. */
const shown = (): Ticket[] =>
  [...tickets.values()].map((ticket) =>
    taps.waiting.filter(({ ticket_id }) => ticket_id === ticket.ticket_id).reduce(onTop, ticket),
  );

function draw(): void {
  // A button that is being pressed is not taken away from under the finger.
  if (held) return;
  const all = shown();
  const how = context();
  for (const lane of lanes) {
    const list = root.querySelector<HTMLElement>(`[data-lane=${lane}]`);
    const found = inLane(all, lane, how.now);
    if (!list) continue;
    writeList(
      list,
      found.map((ticket) => ({ key: ticket.ticket_id, html: cardHtml(ticket, how) })),
      root,
    );
    const count = root.querySelector(`[data-count=${lane}]`);
    if (count) count.textContent = String(found.length);
    list.closest('section')?.toggleAttribute('data-empty', found.length === 0);
  }
  const drinks = root.querySelector<HTMLElement>('[data-drinks]');
  const wanted = batches(all, how.now);
  if (drinks) {
    writeList(
      drinks,
      wanted.map((batch) => ({ key: batch.key, html: batchHtml(batch, how) })),
      root,
    );
    drinks.closest('section')?.toggleAttribute('data-empty', wanted.length === 0);
  }
  dropOld(root);
}

function tell(): void {
  const note = document.getElementById('board-link');
  const count = taps.waiting.length;
  if (note) {
    note.dataset['live'] = String(connected);
    const text = [connected ? say('live') : say('offline'), count > 0 && `${count} ${say('unsent')}`];
    const words = text.filter(Boolean).join(' · ');
    // Said once: what goes by in a moment is not worth interrupting somebody.
    if (note.textContent !== words) note.textContent = words;
  }
}

function hearOutcomes(outcomes: Outcome[]): void {
  for (const { outcome, ticket } of outcomes) {
    if (ticket) learn(ticket);
    if (outcome !== 'applied' && outcome !== 'known')
      toast(
        [ticket?.call_number, say(outcome === 'ticket_moved' ? 'moved' : outcome) || say('refused')].join(
          ' · ',
        ),
      );
  }
  // The taps that were answered no longer lie on top.
  queueMicrotask(draw);
}

let offer = 0;
function offerUndo(): void {
  const bar = document.getElementById('board-undo');
  const last = done.at(-1);
  if (!bar) return;
  bar.hidden = !last;
  const label = bar.querySelector('[data-what]');
  if (label && last) label.textContent = last.label;
  clearTimeout(offer);
  offer = window.setTimeout(() => (bar.hidden = true), offerMs);
}

function tap(acts: Act[], label: string): void {
  done.push({ acts, label });
  taps.put(acts);
  draw();
  offerUndo();
}

function undo(): void {
  const last = done.pop();
  if (!last) return;
  taps.put(
    last.acts
      .map((act): Act => {
        const id = crypto.randomUUID();
        return 'to' in act ? { ...act, id, from: act.to, to: act.from } : { ...act, id, made: !act.made };
      })
      .reverse(),
  );
  draw();
  offerUndo();
}

const numberOf = (ticketId: string): string => String(tickets.get(ticketId)?.call_number ?? '');

/** A form of a card, read as taps; null where it is none. */
function tapsIn(form: HTMLFormElement, button: HTMLButtonElement): Act[] | null {
  const card = form.closest<HTMLElement>('[data-ticket]');
  if (form.matches('.batch-form')) {
    const id = crypto.randomUUID();
    return button.value.split(',').map((part): Mark => {
      const [ticket_id = '', lines = ''] = part.split('=');
      return { id, ticket_id, line_ids: lines.split('+'), made: true };
    });
  }
  if (!form.matches('.ticket-form') || !card) return null;
  const [left = '', right = ''] = button.value.split(':');
  const act = { id: crypto.randomUUID(), ticket_id: card.dataset['ticket'] ?? '' };
  if (/^(un)?made$/.test(left)) return [{ ...act, line_ids: [right], made: left === 'made' }];
  return [{ ...act, from: left as Step['from'], to: right as Step['to'] }];
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const button = event.submitter as HTMLButtonElement | null;
  if (!button || !form.closest('#board, #board-panels') || typeof crypto.randomUUID !== 'function') return;
  const acts = tapsIn(form, button);
  event.preventDefault();
  if (acts) {
    const who = [...new Set(acts.map(({ ticket_id }) => numberOf(ticket_id)))].join(', ');
    tap(acts, `${who} · ${(button.querySelector('.line-name') ?? button).textContent.trim()}`);
  } else {
    void sendForm(form, button).then((answer) => {
      const ticket = answer?.data?.ticket ?? answer?.details?.ticket;
      if (ticket) learn(ticket);
      if (answer?.error) toast(answer.error, 'error');
      else if (answer?.message) toast(answer.message, 'success');
      draw();
    });
  }
}

async function read(): Promise<void> {
  const asked = performance.now();
  const address = `/api/coffee/board?location_id=${page.board.location_id}`;
  const answer = await fetch(address, { headers: { accept: 'application/json' } }).catch(() => null);
  if (!answer?.ok) return;
  learnAll(((await answer.json()) as { data: Board }).data, asked);
  void taps.send();
}

function turn(): void {
  const other = root.dataset['view'] === 'drinks' ? 'tickets' : 'drinks';
  root.dataset['view'] = other;
  for (const link of document.querySelectorAll<HTMLElement>('[data-turn]'))
    link.toggleAttribute('aria-current', link.dataset['turn'] === other);
}

export function runBoard(): void {
  learnAll(page.board);
  document.addEventListener('submit', onSubmit, true);
  document.getElementById('board-undo')?.querySelector('button')?.addEventListener('click', undo);
  for (const link of document.querySelectorAll<HTMLElement>('[data-turn]'))
    link.addEventListener('click', (event) => {
      event.preventDefault();
      if (link.dataset['turn'] !== root.dataset['view']) turn();
    });
  root.addEventListener('pointerdown', () => (held = true));
  for (const end of ['pointerup', 'pointercancel'])
    addEventListener(end, () =>
      setTimeout(() => {
        held = false;
        draw();
      }),
    );
  listenToKeys({ undo, turn });
  setInterval(draw, tickMs);
  listen(`board:${page.board.location_id}`, {
    on: {
      state: (board: Board) => {
        learnAll(board);
        void taps.send();
      },
      ticket_changed: (ticket: Ticket) => {
        if (learn(ticket) && ticket.state === 'placed') root.dataset['fresh'] = ticket.ticket_id;
        draw();
      },
      counter_changed: hearCounter,
      sold_out_changed: hearSoldOut,
    },
    reload: () => void read(),
    connected(live) {
      connected = live;
      tell();
    },
    always: true,
  });
  void taps.send();
}
