import type Stripe from 'stripe';
import type { World } from '../../world.ts';
import { cardFields, field, type CardInput, type FieldErrors } from '../form/fields.ts';
import { html, type Html } from '../html.ts';
import { page, type PageAnswer } from '../layout.ts';
import type { Voice, Words } from '../words/words.ts';
import { summary } from './checkout-summary.ts';
import { testAccountButtons, testCardButtons } from '../form/test-cards.ts';

type Session = Readonly<Stripe.Checkout.Session>;

export const backLabel = ({ words }: Voice, session: Session) =>
  session.branding_settings ? words.backTo(session.branding_settings.display_name) : words.back;

/** Whether anything has to be paid with at all. */
export const needsMethod = (session: Session): boolean =>
  session.mode === 'setup' ||
  (session.amount_total ?? 0) > 0 ||
  (session.mode === 'subscription' && session.payment_method_collection !== 'if_required');

/** Everything a visitor has typed, and what is wrong with it. */
export interface Shown {
  email: string;
  method: 'card' | 'sepa_debit';
  card: CardInput;
  iban: string;
  accountName: string;
  code: string;
  errors: FieldErrors;
  /** The payment was tried and refused, as opposed to something being typed wrongly. */
  refused: boolean;
}

export function checkoutForm(
  world: World,
  session: Session,
  voice: Voice,
  shown: Shown,
  status = 200,
): PageAnswer {
  const title = titleOf(session, voice.words);
  const methods = session.payment_method_types;
  return page({
    voice,
    title,
    status,
    leadsTo: [session.success_url],
    body: html`<main class="checkout">
      <section class="summary" aria-labelledby="title">
        ${
          session.cancel_url &&
          html`<a class="back" href="${session.cancel_url}">
            <span aria-hidden="true">←</span> ${backLabel(voice, session)}
          </a>`
        }
        <h1 id="title">${title}</h1>
        ${session.mode !== 'setup' && summary(world, session, voice)}
      </section>
      <section class="pay">
        <form id="pay" method="post" novalidate>
          ${alert(voice.words, shown)}
          <h2>${voice.words.checkout.contact}</h2>
          ${field({
            name: 'email',
            label: voice.words.checkout.email,
            value: shown.email,
            errors: shown.errors,
            type: 'email',
            autocomplete: 'email',
            inputmode: 'email',
            readonly: session.customer !== null && hasEmail(world, session),
          })}
          ${needsMethod(session) && methodFields(voice, methods, shown)}
          <button class="primary" name="pay" value="1" data-working="${voice.words.checkout.working}">
            ${buttonText(session, voice)}
          </button>
          ${session.custom_text.submit && html`<p class="hint">${session.custom_text.submit.message}</p>`}
          ${session.allow_promotion_codes && promotion(session, voice, shown)}
        </form>
        ${needsMethod(session) && methods.includes('card') && testCardButtons(voice, 'pay')}
        ${needsMethod(session) && methods.includes('sepa_debit') && testAccountButtons(voice, 'pay')}
      </section>
    </main>`,
  });
}

function hasEmail(world: World, session: Session): boolean {
  return Boolean(world.store.customers.get(session.customer as string | null)?.email);
}

function titleOf(session: Session, { checkout }: Words): string {
  const name = session.branding_settings?.display_name ?? 'Atrium';
  if (session.mode === 'subscription') return checkout.subscribeTo(name);
  return session.mode === 'setup' ? checkout.saveFor(name) : checkout.title(name);
}

function alert({ errors: words }: Words, { errors, refused }: Shown): Html | null {
  if (errors.size === 0) return null;
  return html`<div class="alert" role="alert">
    <p><strong>${refused ? words.refused : words.heading}</strong></p>
    <ul>
      ${[...errors].map(([name, text]) => html`<li><a href="#${name}">${text}</a></li>`)}
    </ul>
  </div>`;
}

function methodFields(voice: Voice, methods: string[], shown: Shown): Html {
  const { checkout } = voice.words;
  const card = html`<div class="method-card">${cardFields(voice, shown.card, shown.errors)}</div>`;
  if (methods.length < 2 && methods[0] !== 'sepa_debit')
    return html`<h2>${checkout.card}</h2>
      ${card}`;
  const choice = (value: Shown['method'], label: string) =>
    html`<label class="choice">
      <input type="radio" name="method" value="${value}" ${shown.method === value && html`checked`} />
      ${label}
    </label>`;
  return html`<fieldset class="methods">
    <legend><h2>${checkout.payWith}</h2></legend>
    <div class="choices">
      ${methods.includes('card') && choice('card', checkout.card)} ${choice('sepa_debit', checkout.sepa)}
    </div>
    ${methods.includes('card') && card}
    <div class="method-sepa">
      ${field({
        name: 'iban',
        label: checkout.iban,
        value: shown.iban,
        errors: shown.errors,
        autocomplete: 'off',
        required: false,
      })}
      ${field({
        name: 'account_name',
        label: checkout.accountName,
        value: shown.accountName,
        errors: shown.errors,
        autocomplete: 'name',
        required: false,
      })}
    </div>
  </fieldset>`;
}

function promotion(session: Session, { words }: Voice, shown: Shown): Html {
  const applied = session.discounts?.[0];
  if (applied)
    return html`<button class="quiet" name="remove" value="1" formnovalidate>
      ${words.checkout.removeCode}
    </button>`;
  return html`<div class="with-button">
    ${field({
      name: 'promotion_code',
      label: words.checkout.promotion,
      value: shown.code,
      errors: shown.errors,
      autocomplete: 'off',
      required: false,
    })}
    <button class="quiet" name="apply" value="1" formnovalidate>${words.checkout.apply}</button>
  </div>`;
}

function buttonText(session: Session, { words, money }: Voice): string {
  const { buttons } = words.checkout;
  if (session.mode === 'setup') return buttons.save;
  const amount = money(session.amount_total ?? 0, session.currency ?? 'eur');
  if (session.mode === 'subscription')
    return session.amount_total === 0 ? buttons.trial : buttons.subscribe(amount);
  if (session.amount_total === 0) return buttons.free;
  const kind = session.submit_type === null || session.submit_type === 'auto' ? 'pay' : session.submit_type;
  return (kind in buttons ? buttons[kind as 'pay' | 'book' | 'donate' | 'subscribe'] : buttons.pay)(amount);
}
