/**
 * A ticket, and the same drink across tickets, as HTML. The server writes the page with it and the screen each change, so
 * that both look the same; every word that comes from outside is escaped here. Forms work without script.
 */
import type { Messages } from '#platform/i18n/index.ts';
import { type Locale, languageTag, localised } from '#platform/i18n/locale.ts';
import { type Batch, ageOf, laneOf, nextOf } from './lanes.ts';
import type { Ticket, TicketLine } from './tickets.ts';

/** Plain strings: they travel to the browser. */
export interface CardWords {
  card: Messages['board']['card'];
  allergens: Record<string, string>;
}

export interface CardContext {
  words: CardWords;
  locale: Locale;
  zone: string;
  /** Epoch milliseconds, by the server's clock. */
  now: number;
  undoMinutes: number;
  /** Makes and refuses; who does not, hands over. */
  barista: boolean;
  /** Before our own paths. */
  prefix: string;
  newId(): string;
}

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (text: string | number): string =>
  String(text).replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? mark);

const timeOf = (at: string, { locale, zone }: CardContext): string =>
  new Intl.DateTimeFormat(languageTag(locale), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(Date.parse(at));

const dayIn = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at);

/** `09:50`; for another day `Sun 09:50`, so that nobody makes tonight what is for the morning. */
function promiseOf(at: string, context: CardContext): string {
  const { locale, zone, now } = context;
  if (dayIn(Date.parse(at), zone) === dayIn(now, zone)) return timeOf(at, context);
  const day = new Intl.DateTimeFormat(languageTag(locale), { weekday: 'short', timeZone: zone });
  return `${day.format(Date.parse(at))} ${timeOf(at, context)}`;
}

/** What is asked of a drink: in full where it is not the usual. */
function askedHtml(line: TicketLine, { words, locale }: CardContext): string {
  const times = (count: number) => (count > 1 ? `${count}× ` : '');
  const chosen = line.modifiers.map(
    ({ name, times: count, usual }) =>
      `<span class="${usual ? 'ask-usual' : 'ask'}">${times(count)}${safe(localised(name, locale))}</span>`,
  );
  const left = line.without.map(
    (name) => `<span class="ask">${safe(words.card.without)} ${safe(localised(name, locale))}</span>`,
  );
  const items = (line.items ?? []).map(
    ({ name, quantity }) =>
      `<span class="ask-item">${quantity * line.quantity}× ${safe(localised(name, locale))}</span>`,
  );
  const note = line.note ? [`<span class="ask-note">“${safe(line.note)}”</span>`] : [];
  return [...items, ...chosen, ...left, ...note].join(' ');
}

function lineHtml(ticket: Ticket, line: TicketLine, context: CardContext): string {
  const { card } = context.words;
  const inside = `<span class="line-count">${line.quantity}×</span><span class="line-what"><span class="line-name">${safe(localised(line.name, context.locale))}</span> ${askedHtml(line, context)}${line.gone ? ` <span class="line-gone">${safe(card.gone)}</span>` : ''}</span>`;
  const open = /^(placed|accepted|making)$/.test(ticket.state) && context.barista && !line.gone;
  const classes = `ticket-line${line.made ? ' line-made' : ''}${line.gone ? ' line-off' : ''}`;
  if (!open) return `<li class="${classes}">${inside}</li>`;
  return `<li><button class="${classes}" name="press" value="${line.made ? 'unmade' : 'made'}:${line.line_id}" aria-pressed="${line.made}">${inside}<span class="line-tick" aria-hidden="true"></span></button></li>`;
}

export function ageHtml(ticket: Ticket, context: CardContext): string {
  const { card } = context.words;
  if (ticket.closed_at) return `<span class="age-mark"></span>${safe(timeOf(ticket.closed_at, context))}`;
  if (laneOf(ticket, context.now) === 'later')
    return `<span class="age-mark"></span><strong>${safe(promiseOf(ticket.ready_by, context))}</strong>`;
  const { minutes, kind } = ageOf(ticket, context.now);
  const count = `<strong>${minutes}</strong> ${safe(card.min)}`;
  const said = {
    in: `${safe(card.in)} ${count}`,
    now: `<strong>${safe(card.now)}</strong>`,
    late: `${count} ${safe(card.late)}`,
    waiting: `${safe(card.waiting)} ${count}`,
  };
  return `<span class="age-mark"></span>${said[kind]}`;
}

/** Whether the last step can still be taken back, and by whom. */
const backTo = (ticket: Ticket, context: CardContext): string | null => {
  const recent =
    ticket.moved_at !== null && context.now - Date.parse(ticket.moved_at) < context.undoMinutes * 60_000;
  const theirs = context.barista || ticket.state === 'collected';
  return recent && theirs ? ticket.back_to : null;
};

function actsHtml(ticket: Ticket, context: CardContext): string {
  const { card } = context.words;
  const next = nextOf(ticket.state);
  const label = { making: card.start, ready: card.ready, collected: card.collected };
  const press = (to: string, words: string, look: string) =>
    `<button class="${look}" name="press" value="${ticket.state}:${to}">${safe(words)}</button>`;
  const back = backTo(ticket, context);
  return [
    next && (context.barista || next === 'collected')
      ? press(next, label[next as 'making'], 'ticket-go')
      : '',
    ticket.state === 'placed' && context.barista ? press('accepted', card.accept, 'ticket-side') : '',
    back ? press(back, card.back, 'ticket-side') : '',
  ].join('');
}

function moreHtml(ticket: Ticket, context: CardContext): string {
  const { card } = context.words;
  const id = ticket.ticket_id;
  const may = context.barista && /^(placed|accepted|making)$/.test(ticket.state);
  const ready = card.reasons
    .map(
      (reason) =>
        `<button class="ticket-side" name="ready_reason" value="${safe(reason)}">${safe(reason)}</button>`,
    )
    .join('');
  const form = `<form class="ticket-refuse" method="post" action="/api/coffee/tickets/${id}/refuse"><input type="hidden" name="act_id" value="${context.newId()}"><p>${safe(card.refuseText)}</p><div class="refuse-stock"><label><input class="radio" type="radio" name="stock" value="back" checked> ${safe(card.stockBack)}</label><label><input class="radio" type="radio" name="stock" value="waste"> ${safe(card.stockWaste)}</label></div><div class="refuse-why">${ready}</div><div class="refuse-words"><label><span class="sr-only">${safe(card.reason)}</span><input class="input" name="reason" maxlength="200" placeholder="${safe(card.reason)}" autocomplete="off"></label><button class="ticket-side refuse-go">${safe(card.refuse)}</button></div></form>`;
  return `<details class="ticket-more"><summary>${safe(card.more)}<span class="sr-only"> ${ticket.call_number}</span></summary><p><a class="link" href="${context.prefix}/board/tickets/${id}">${safe(card.print)}</a></p>${may ? form : ''}</details>`;
}

export function cardHtml(ticket: Ticket, context: CardContext): string {
  const { card, allergens } = context.words;
  const lane = laneOf(ticket, context.now);
  const tone = lane === 'done' || lane === 'later' ? 'calm' : ageOf(ticket, context.now).tone;
  const about = [
    ticket.table_label ? `${card.table} ${ticket.table_label}` : ticket.serving ? card[ticket.serving] : '',
    ticket.pickup_at && lane !== 'later' ? `${card.at} ${timeOf(ticket.pickup_at, context)}` : '',
    card[ticket.channel],
    ticket.state === 'accepted' ? `✓ ${card.accepted}` : '',
  ].filter(Boolean);
  const inside = [...new Set(ticket.lines.filter(({ gone }) => !gone).flatMap((line) => line.allergens))];
  const head = `<header class="ticket-head"><p class="ticket-number display">${ticket.call_number}</p><div class="ticket-who"><h3>${safe(ticket.name)}</h3><p>${about.map(safe).join(' · ')}</p></div><p class="ticket-age">${ageHtml(ticket, context)}</p></header>`;
  const lines = `<ul class="ticket-lines">${ticket.lines.map((line) => lineHtml(ticket, line, context)).join('')}</ul>`;
  const note = ticket.note ? `<p class="ticket-note">“${safe(ticket.note)}”</p>` : '';
  const end = lane === 'done' ? `outcome_${ticket.state as 'collected'}` : null;
  const outcome = end
    ? `<p class="ticket-end">${safe(card[end as 'outcome_collected'])}${ticket.why ? `: ${safe(ticket.why)}` : ''}</p>`
    : '';
  const contains = inside.length
    ? `<p class="ticket-allergens">${safe(card.contains)} ${inside.map((name) => safe(allergens[name] ?? name)).join(', ')}</p>`
    : '';
  const form = `<form class="ticket-form" method="post" action="/api/coffee/tickets/${ticket.ticket_id}"><input type="hidden" name="act_id" value="${context.newId()}">${lines}${note}${outcome}<div class="ticket-acts">${actsHtml(ticket, context)}</div></form>`;
  return `<article class="ticket" id="t-${ticket.ticket_id}" data-ticket="${ticket.ticket_id}" data-state="${ticket.state}" data-tone="${tone}" tabindex="-1">${head}${form}<div class="ticket-foot">${contains}${moreHtml(ticket, context)}</div></article>`;
}

/** One drink, however many tickets want it; the button says that all of them are done. */
export function batchHtml(batch: Batch, context: CardContext): string {
  const { card } = context.words;
  const made = batch.of
    .map(({ ticket, lines }) => `${ticket.ticket_id}=${lines.map(({ line_id }) => line_id).join('+')}`)
    .join(',');
  const first = batch.of[0];
  const tone = first ? ageOf(first.ticket, context.now).tone : 'calm';
  const of = batch.of
    .map(
      ({ ticket, quantity }) =>
        `<li><span class="display">#${ticket.call_number}</span>${quantity > 1 ? ` × ${quantity}` : ''}</li>`,
    )
    .join('');
  const act = context.barista
    ? `<button class="ticket-go" name="made" value="${made}">${safe(card.doneAll)}</button>`
    : '';
  return `<article class="ticket batch" data-tone="${tone}" tabindex="-1"><header class="ticket-head"><p class="ticket-number display">${batch.quantity}×</p><div class="ticket-who"><h3>${safe(localised(batch.line.name, context.locale))}</h3><p class="batch-ask">${askedHtml({ ...batch.line, items: batch.line.items }, context)}</p></div><p class="ticket-age">${first ? ageHtml(first.ticket, context) : ''}</p></header><form class="batch-form" method="post" action="/api/coffee/board"><input type="hidden" name="act_id" value="${context.newId()}"><ul class="batch-of">${of}</ul><div class="ticket-acts">${act}</div></form></article>`;
}
