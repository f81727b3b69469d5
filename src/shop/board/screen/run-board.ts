/** In the browser: a board that answers a tap at once, hears of other screens, and goes on without a connection. */
import { listen } from '#site/live.ts';
import { toast } from '#site/toast.ts';
import { onTop } from '../lanes.ts';
import type { Board, Outcome, Ticket } from '../tickets.ts';
import { drawBoard } from './drawn.ts';
import { listenToKeys } from './keys.ts';
import { known, learn, learnTickets, numberOf } from './known.ts';
import { tellLink } from './link.ts';
import { type Act, outbox } from './outbox.ts';
import { context, page, root, say } from './page.ts';
import { hearCounter, hearSoldOut, sendForm } from './panels.ts';
import { tapsIn } from './pressed.ts';
import { remember, wayBack } from './undo.ts';

const tickMs = 10_000;
let held = false;

const taps = outbox(
  page.user,
  hearOutcomes,
  () => tell(),
  (sentence) => {
    toast(sentence || say('refused'), 'error');
    void read();
  },
);

/** @param asked when the question was put. */
function learnAll(board: Board, asked = Infinity): void {
  learnTickets(board, asked);
  hearCounter(board.counter);
  for (const one of [...board.products, ...board.modifiers]) hearSoldOut(one);
  draw();
}

/** What is known, with what was tapped here and not answered yet on top. */
const shown = (): Ticket[] =>
  known().map((ticket) =>
    taps.waiting.filter(({ ticket_id }) => ticket_id === ticket.ticket_id).reduce(onTop, ticket),
  );

function draw(): void {
  // A button that is being pressed is not taken away from under the finger.
  if (!held) drawBoard(root, shown(), context());
}

function tell(live?: boolean): void {
  tellLink(taps.waiting.length, live);
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

function tap(acts: Act[], label: string): void {
  taps.put(acts);
  remember(acts, label);
  draw();
}

function undo(): void {
  const acts = wayBack();
  if (!acts) return;
  taps.put(acts);
  draw();
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
    connected: tell,
    always: true,
  });
  void taps.send();
}
