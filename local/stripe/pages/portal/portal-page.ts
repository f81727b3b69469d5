import type Stripe from 'stripe';
import { cancelSubscription } from '../../subscriptions/time/ending.ts';
import { updateSubscription } from '../../subscriptions/changes/updating.ts';
import { createSetupIntent } from '../../customers/setup-intents.ts';
import { PORTAL_LIFETIME } from '../../portal/portal-sessions.ts';
import { Refusal } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { declineText } from '../checkout/checkout-page.ts';
import { checkCardInput, readCardInput, type CardInput, type FieldErrors } from '../form/fields.ts';
import { methodOfCard } from '../form/typed-card.ts';
import { notice, redirect, type PageAnswer, type PageRequest } from '../layout.ts';
import { portalView } from './portal-view.ts';
import { voiceFor, type Voice } from '../words/words.ts';
import { confirmSetup } from '../../customers/setting-up.ts';
import { fillIn } from '../form/test-cards.ts';

type Session = Readonly<Stripe.BillingPortal.Session>;

/** `/p/session/<session>`: where a customer changes their card or ends their plan. */
export function portalPage(world: World, request: PageRequest, id: string): PageAnswer {
  const session = world.store.portalSessions.get(id);
  const voice = voiceFor(session?.locale, request.languages);
  const { portal } = voice.words;
  const expired = !session || session.created + PORTAL_LIFETIME <= world.clock.now();
  if (expired || !world.store.customers.get(session.customer))
    return notice(voice, {
      title: portal.expiredTitle,
      text: portal.expired,
      link: session?.return_url ? { url: session.return_url, label: portal.return } : null,
      status: 410,
    });
  if (request.method === 'POST') return act(world, request, session, voice);
  return portalView(world, session, voice, { saved: request.query.has('saved') });
}

function act(world: World, request: PageRequest, session: Session, voice: Voice): PageAnswer {
  const { form } = request;
  const subscription = world.store.subscriptions.get(form.get('subscription'));
  const { features } = world.store.portalConfigurations.need(session.configuration as string);
  if (form.has('cancel') || form.has('keep')) {
    if (subscription?.customer !== session.customer || !features.subscription_cancel.enabled)
      return redirect(session.url);
    if (form.has('keep')) updateSubscription(world, subscription.id, { cancel_at_period_end: false });
    else if (features.subscription_cancel.mode === 'immediately') cancelSubscription(world, subscription.id);
    else updateSubscription(world, subscription.id, { cancel_at_period_end: true });
    return finish(session, voice, 'subscription_cancel');
  }
  if (!features.payment_method_update.enabled) return redirect(session.url);
  if (form.has('fill')) return again(world, session, voice, readCardInput(fillIn(form)), new Map());
  return saveCard(world, session, voice, readCardInput(form));
}

function again(
  world: World,
  session: Session,
  voice: Voice,
  card: CardInput,
  errors: FieldErrors,
  status = 200,
): PageAnswer {
  return portalView(world, session, voice, { card, errors, status });
}

function saveCard(world: World, session: Session, voice: Voice, card: CardInput): PageAnswer {
  const errors = checkCardInput(card, voice.words, world.clock.now());
  if (errors.size) return again(world, session, voice, card, errors, 422);
  try {
    const method = methodOfCard(world, card);
    const setup = createSetupIntent(world, { customer: session.customer });
    world.store.purposes.put({ id: setup.id, portal: session.id, returnUrl: `${session.url}?saved=1` });
    const result = confirmSetup(world, setup.id, { payment_method: method.id });
    const next = result.next_action?.redirect_to_url?.url;
    return next ? redirect(next) : finish(session, voice, 'payment_method_update');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reason = error.body.decline_code ?? error.body.code ?? '';
    const shown = new Map([['card_number', declineText(voice.words, reason)]]);
    return again(world, session, voice, card, shown, error.status);
  }
}

/** Back to the portal, or, when it was opened for this one thing, to where the caller wanted to be. */
function finish(session: Session, voice: Voice, done: string): PageAnswer {
  const { flow } = session;
  const saved = done === 'payment_method_update' ? '?saved=1' : '';
  if (flow?.type !== done) return redirect(`${session.url}${saved}`);
  const { type, redirect: to, hosted_confirmation } = flow.after_completion;
  if (type === 'redirect' && to) return redirect(to.return_url);
  if (type === 'hosted_confirmation')
    return notice(voice, {
      title: voice.words.portal.doneTitle,
      text: hosted_confirmation?.custom_message ?? voice.words.portal.done,
    });
  return redirect(`${session.url}${saved}`);
}
