import type Stripe from 'stripe';
import { productOf } from '../../catalogue/prices.ts';
import type { World } from '../../world.ts';
import { html, type Html } from '../html.ts';
import type { Voice, Words } from '../words/words.ts';

type Session = Readonly<Stripe.Checkout.Session>;

export function summary(world: World, session: Session, voice: Voice): Html {
  const { words, money } = voice;
  const plan = world.store.checkoutPlans.need(session.id);
  const currency = session.currency ?? 'eur';
  const discount = session.total_details?.amount_discount ?? 0;
  const off = world.store.coupons.get(plan.coupon);
  const trial =
    plan.subscriptionData?.trial_period_days !== undefined || plan.subscriptionData?.trial_end !== undefined;
  const recurring = plan.lines.filter(({ price }) => price?.recurring);
  return html`<p class="amount">${money(session.amount_total ?? 0, currency)}</p>
    <h2 class="quiet-heading">${words.checkout.summary}</h2>
    <ul class="lines">
      ${plan.lines.map((line) => lineOf(world, line, voice))}
    </ul>
    <dl class="totals">
      ${
        (discount > 0 || trial) &&
        html`<div>
          <dt>${words.checkout.subtotal}</dt>
          <dd>${money(session.amount_subtotal ?? 0, currency)}</dd>
        </div>`
      }
      ${
        discount > 0 &&
        html`<div>
          <dt>${words.checkout.discount(off?.name ?? off?.id ?? '')}</dt>
          <dd>−${money(discount, currency)}</dd>
        </div>`
      }
      <div class="total">
        <dt>${words.checkout.total}</dt>
        <dd>${money(session.amount_total ?? 0, currency)}</dd>
      </div>
    </dl>
    ${
      trial &&
      html`<p class="hint">
        ${words.checkout.afterTrial(recurring.map((line) => priceText(line, voice)).join(' + '))}
      </p>`
    }`;
}

function priceText(line: Stripe.LineItem, { words, money }: Voice): string {
  const amount = money(line.amount_total, line.currency);
  const recurring = line.price?.recurring;
  if (!recurring) return amount;
  return `${amount} ${words.per[recurring.interval as keyof Words['per']](recurring.interval_count)}`;
}

function lineOf(world: World, line: Stripe.LineItem, voice: Voice): Html {
  const { words, money } = voice;
  const quantity = line.quantity ?? 1;
  const description = line.price ? productOf(world, line.price).description : null;
  return html`<li>
    <div>
      <span class="name">${line.description}</span>
      ${description !== null && html`<span class="hint">${description}</span>`}
      ${
        quantity > 1 &&
        html`<span class="hint"
          >${words.quantity(quantity, money(line.price?.unit_amount ?? 0, line.currency))}</span
        >`
      }
    </div>
    <span class="price"
      >${line.price?.recurring ? priceText({ ...line, amount_total: line.amount_subtotal }, voice) : money(line.amount_subtotal, line.currency)}</span
    >
  </li>`;
}
