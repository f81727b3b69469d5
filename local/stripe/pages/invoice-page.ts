import { Refusal } from '../wire/errors.ts';
import type { World } from '../world.ts';
import { declineText } from './checkout/checkout-page.ts';
import {
  cardFields,
  checkCardInput,
  readCardInput,
  type CardInput,
  type FieldErrors,
} from './form/fields.ts';
import { methodOfCard } from './form/typed-card.ts';
import { html } from './html.ts';
import { notice, page, redirect, type PageAnswer, type PageRequest } from './layout.ts';
import { voiceFor, type Voice } from './words/words.ts';
import { payInvoice } from '../invoicing/closing.ts';
import { fillIn, testCardButtons } from './form/test-cards.ts';

/** `/i/<invoice>`: an invoice to read, and to pay while it is open. */
export function invoicePage(world: World, request: PageRequest, id: string): PageAnswer {
  const voice = voiceFor(null, request.languages);
  if (!world.store.invoices.get(id))
    return notice(voice, { title: voice.words.invoice.unknownTitle, status: 404 });
  const card = readCardInput(request.form);
  if (request.method !== 'POST') return show(world, voice, id, card, new Map());
  if (request.form.has('fill')) return show(world, voice, id, readCardInput(fillIn(request.form)), new Map());
  const errors = checkCardInput(card, voice.words, world.clock.now());
  if (errors.size) return show(world, voice, id, card, errors, 422);
  try {
    const method = methodOfCard(world, card);
    payInvoice(world, id, { payment_method: method.id });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const next = error.body.payment_intent?.next_action?.redirect_to_url?.url;
    if (next) return redirect(next);
    const reason = error.body.decline_code ?? error.body.code ?? '';
    return show(
      world,
      voice,
      id,
      card,
      new Map([['card_number', declineText(voice.words, reason)]]),
      error.status,
    );
  }
  return redirect(`${world.url}/i/${id}`);
}

function show(
  world: World,
  voice: Voice,
  id: string,
  card: CardInput,
  errors: FieldErrors,
  status = 200,
): PageAnswer {
  const invoice = world.store.invoices.need(id);
  const { words, money } = voice;
  const title = words.invoice.title(invoice.number ?? '');
  const open = invoice.status === 'open';
  const amount = money(open ? invoice.amount_remaining : invoice.amount_paid, invoice.currency);
  return page({
    voice,
    title,
    status,
    body: html`<main class="checkout">
      <section class="summary" aria-labelledby="title">
        <h1 id="title">${title}</h1>
        <p class="amount">${open ? words.invoice.due(amount) : words.invoice.paid(amount)}</p>
        <p class="hint">
          ${words.portal.states[(invoice.status ?? 'draft') as keyof typeof words.portal.states]}
        </p>
        <ul class="lines">
          ${invoice.lines.data.map(
            (line) =>
              html`<li>
                <span class="name">${line.description}</span>
                <span class="price">${money(line.amount, line.currency)}</span>
              </li>`,
          )}
        </ul>
      </section>
      ${
        open &&
        html`<section class="pay">
          <form id="pay" method="post" novalidate>
            <h2>${words.checkout.card}</h2>
            ${cardFields(voice, card, errors)}
            <button class="primary" data-working="${words.checkout.working}">
              ${words.checkout.buttons.pay(amount)}
            </button>
          </form>
          ${testCardButtons(voice, 'pay')}
        </section>`
      }
    </main>`,
  });
}

/** `/receipts/<charge>`. */
export function receiptPage(world: World, request: PageRequest, id: string): PageAnswer {
  const voice = voiceFor(null, request.languages);
  const { receipt, challenge } = voice.words;
  const charge = world.store.charges.get(id);
  if (!charge?.paid) return notice(voice, { title: receipt.unknownTitle, status: 404 });
  const card = charge.payment_method_details?.card;
  return page({
    voice,
    title: receipt.title,
    body: html`<main class="notice">
      <h1>${receipt.title}</h1>
      <p class="amount">${receipt.paid(voice.money(charge.amount_captured, charge.currency))}</p>
      <p>${voice.day(charge.created)}</p>
      ${charge.description !== null && html`<p>${charge.description}</p>`}
      ${card?.last4 && html`<p class="hint">${challenge.card(card.last4)}</p>`}
      ${
        charge.amount_refunded > 0 &&
        html`<p>${receipt.refunded(voice.money(charge.amount_refunded, charge.currency))}</p>`
      }
    </main>`,
  });
}
