import type Stripe from 'stripe';
import { currentPeriodEnd } from '../../subscriptions/time/cycle.ts';
import { productOf } from '../../catalogue/prices.ts';
import { timeFor, type World } from '../../world.ts';
import { cardFields, type CardInput, type FieldErrors } from '../form/fields.ts';
import { html, type Html } from '../html.ts';
import { page, type PageAnswer } from '../layout.ts';
import type { Voice, Words } from '../words/words.ts';
import { testCardButtons } from '../form/test-cards.ts';

type Session = Readonly<Stripe.BillingPortal.Session>;
type Subscription = Readonly<Stripe.Subscription>;

const BRANDS: Record<string, string> = { visa: 'Visa', mastercard: 'Mastercard', amex: 'American Express' };

interface Shown {
  card?: CardInput;
  errors?: FieldErrors;
  saved?: boolean;
  status?: number;
}

export function portalView(world: World, session: Session, voice: Voice, shown: Shown): PageAnswer {
  const { portal } = voice.words;
  const { features } = world.store.portalConfigurations.need(session.configuration as string);
  const only = session.flow?.type;
  const shows = (part: string) => only === undefined || only === part;
  return page({
    voice,
    title: portal.title,
    status: shown.status ?? 200,
    leadsTo: [session.flow?.after_completion.redirect?.return_url],
    body: html`<main class="wide">
      ${
        session.return_url &&
        html`<a class="back" href="${session.return_url}"
          ><span aria-hidden="true">←</span> ${portal.return}</a
        >`
      }
      <h1>${portal.title}</h1>
      ${shown.saved && html`<p class="success" role="status">${portal.cardSaved}</p>`}
      ${shows('subscription_cancel') && plans(world, session, voice, features.subscription_cancel)}
      ${shows('payment_method_update') && card(world, session, voice, shown, features.payment_method_update.enabled)}
      ${only === undefined && features.invoice_history.enabled && invoices(world, session, voice)}
    </main>`,
  });
}

function plans(
  world: World,
  session: Session,
  voice: Voice,
  cancel: Stripe.BillingPortal.Configuration['features']['subscription_cancel'],
): Html {
  const { portal } = voice.words;
  const chosen = session.flow?.subscription_cancel?.subscription;
  const active = [...world.store.subscriptions.newestFirst()].filter(
    ({ id, customer, status }) =>
      customer === session.customer &&
      !['canceled', 'incomplete', 'incomplete_expired'].includes(status) &&
      id === (chosen ?? id),
  );
  return html`<section aria-labelledby="plans">
    <h2 id="plans">${portal.plans}</h2>
    ${active.length === 0 && html`<p>${portal.noPlans}</p>`}
    ${active.map((subscription) => planOf(world, subscription, voice, cancel))}
  </section>`;
}

function planOf(
  world: World,
  subscription: Subscription,
  voice: Voice,
  cancel: Stripe.BillingPortal.Configuration['features']['subscription_cancel'],
): Html {
  const { portal } = voice.words;
  const mode = cancel.mode === 'immediately' ? 'immediately' : 'at_period_end';
  const ends = subscription.cancel_at_period_end;
  return html`<article class="card">
    <h3>${subscription.items.data.map((item) => productOf(world, item.price).name).join(' + ')}</h3>
    <p>${subscription.items.data.map((item) => priceText(item, voice)).join(' + ')}</p>
    <p class="hint">${stateText(world, subscription, voice)}</p>
    ${subscription.status === 'past_due' && html`<p class="error">${portal.pastDue}</p>`}
    ${
      cancel.enabled &&
      html`<form method="post">
        <input type="hidden" name="subscription" value="${subscription.id}" />
        ${
          ends
            ? html`<button class="quiet" name="keep" value="1">${portal.keep}</button>`
            : html`<details>
                <summary>${portal.cancel}</summary>
                <p>${portal.cancelHow[mode]}</p>
                <button class="danger" name="cancel" value="1">${portal.confirmCancel}</button>
              </details>`
        }
      </form>`
    }
  </article>`;
}

function priceText(item: Readonly<Stripe.SubscriptionItem>, { words, money }: Voice): string {
  const { unit_amount, currency, recurring } = item.price;
  const amount = money((unit_amount ?? 0) * (item.quantity ?? 1), currency);
  const every = recurring && words.per[recurring.interval as keyof Words['per']](recurring.interval_count);
  return every ? `${amount} ${every}` : amount;
}

function stateText(world: World, subscription: Subscription, { words, day }: Voice): string {
  const { portal } = words;
  const now = timeFor(world, subscription.customer as string);
  if (subscription.status === 'paused' || subscription.pause_collection) return portal.paused;
  if (subscription.cancel_at !== null) return portal.ends(day(subscription.cancel_at));
  if (subscription.trial_end !== null && subscription.trial_end > now)
    return portal.trialUntil(day(subscription.trial_end));
  return portal.renews(day(currentPeriodEnd(subscription)));
}

function card(world: World, session: Session, voice: Voice, shown: Shown, enabled: boolean): Html {
  const { portal, checkout } = voice.words;
  const customer = world.store.customers.need(session.customer);
  const saved = world.store.paymentMethods.get(usualCard(world, customer))?.card;
  const expiry = saved && `${String(saved.exp_month).padStart(2, '0')}/${saved.exp_year}`;
  const empty = { number: '', expiry: '', cvc: '', name: customer.name ?? '' };
  return html`<section aria-labelledby="card">
    <h2 id="card">${portal.card}</h2>
    <p>
      ${saved ? portal.cardLine(BRANDS[saved.brand] ?? saved.brand, saved.last4, expiry ?? '') : portal.noCard}
    </p>
    ${
      enabled &&
      html`<details ${(shown.errors ?? shown.card ?? !saved) && html`open`}>
        <summary>${portal.newCard}</summary>
        <form id="card-form" method="post" novalidate>
          ${cardFields(voice, shown.card ?? empty, shown.errors ?? new Map())}
          <button class="primary" name="save" value="1" data-working="${checkout.working}">
            ${portal.saveCard}
          </button>
        </form>
        ${testCardButtons(voice, 'card-form')}
      </details>`
    }
  </section>`;
}

function usualCard(world: World, customer: Readonly<Stripe.Customer>): string | null {
  const chosen = customer.invoice_settings.default_payment_method as string | null;
  if (chosen !== null) return chosen;
  for (const { customer: its, default_payment_method } of world.store.subscriptions.newestFirst())
    if (its === customer.id && default_payment_method !== null) return default_payment_method as string;
  return null;
}

function invoices(world: World, session: Session, { words, money, day }: Voice): Html {
  const { portal } = words;
  const found = [...world.store.invoices.newestFirst()].filter(
    ({ customer, status }) => customer === session.customer && status !== 'draft',
  );
  return html`<section aria-labelledby="invoices">
    <h2 id="invoices">${portal.invoices}</h2>
    ${
      found.length === 0
        ? html`<p>${portal.noInvoices}</p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col">${portal.number}</th>
                <th scope="col">${portal.day}</th>
                <th scope="col">${portal.amount}</th>
                <th scope="col">${portal.state}</th>
              </tr>
            </thead>
            <tbody>
              ${found.slice(0, 24).map(
                (invoice) =>
                  html`<tr>
                    <td><a href="/i/${invoice.id}">${invoice.number}</a></td>
                    <td>${day(invoice.created)}</td>
                    <td class="number">${money(invoice.total, invoice.currency)}</td>
                    <td>${portal.states[(invoice.status ?? 'draft') as keyof Words['portal']['states']]}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`;
}
