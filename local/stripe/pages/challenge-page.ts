import type Stripe from 'stripe';
import { successUrl } from '../checkout/completing.ts';
import { finishAuthentication } from '../payments/attempt/confirmation.ts';
import { Refusal } from '../wire/errors.ts';
import type { World } from '../world.ts';
import { html } from './html.ts';
import { notice, page, redirect, type PageAnswer, type PageRequest } from './layout.ts';
import { voiceFor, type Voice } from './words/words.ts';
import { finishSetupAuthentication } from '../customers/setting-up.ts';

type Intent = Readonly<Stripe.PaymentIntent> | Readonly<Stripe.SetupIntent>;

/** `/3ds/<intent>`: stands in for the bank that asks whether it is really you. */
export function challengePage(world: World, request: PageRequest, id: string): PageAnswer {
  const intent: Intent | undefined = world.store.paymentIntents.get(id) ?? world.store.setupIntents.get(id);
  const session = world.store.checkoutSessions.get(world.store.purposes.get(id)?.session);
  const voice = voiceFor(session?.locale, request.languages);
  const { challenge } = voice.words;
  if (!intent) return notice(voice, { title: challenge.overTitle, text: challenge.over, status: 404 });
  const destination = destinationOf(world, intent);
  if (intent.status !== 'requires_action')
    return notice(voice, {
      title: challenge.overTitle,
      text: challenge.over,
      link: destination.url
        ? { url: destination.url(intent.status === 'succeeded'), label: voice.words.continue }
        : null,
    });
  if (request.method === 'POST') return answer(world, request, intent, voice);
  return ask(world, intent, voice, session?.branding_settings?.display_name ?? 'Atrium');
}

function ask(world: World, intent: Intent, voice: Voice, name: string): PageAnswer {
  const { challenge } = voice.words;
  const card = world.store.paymentMethods.get(intent.payment_method as string | null)?.card;
  const { url } = destinationOf(world, intent);
  return page({
    voice,
    title: challenge.title,
    leadsTo: url ? [url(true), url(false)] : [],
    body: html`<main class="notice">
      <h1>${challenge.title}</h1>
      <p>
        ${
          intent.object === 'payment_intent'
            ? challenge.ask(voice.money(intent.amount, intent.currency), name)
            : challenge.askCard(name)
        }
      </p>
      ${card && html`<p class="hint">${challenge.card(card.last4)}</p>`}
      <form method="post" class="buttons">
        <button class="primary" name="result" value="complete">${challenge.complete}</button>
        <button class="quiet" name="result" value="fail">${challenge.fail}</button>
      </form>
    </main>`,
  });
}

function answer(world: World, request: PageRequest, intent: Intent, voice: Voice): PageAnswer {
  const passed = request.form.get('result') === 'complete';
  let succeeded = passed;
  try {
    if (intent.object === 'payment_intent') finishAuthentication(world, intent.id, passed);
    else finishSetupAuthentication(world, intent.id, passed);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    succeeded = false;
  }
  const { url } = destinationOf(world, intent);
  if (url) return redirect(url(succeeded));
  const { challenge, close } = voice.words;
  return notice(voice, { title: succeeded ? challenge.doneTitle : challenge.failedTitle, text: close });
}

/** Back to the checkout or on to its shop; otherwise to the return_url, which is told how it went. */
function destinationOf(world: World, intent: Intent): { url: ((succeeded: boolean) => string) | null } {
  const purpose = world.store.purposes.get(intent.id);
  if (purpose?.session !== undefined) {
    const { session } = purpose;
    return { url: (succeeded) => (succeeded ? successUrl(world, session) : `${world.url}/c/pay/${session}`) };
  }
  const returnUrl = purpose?.returnUrl ?? intent.next_action?.redirect_to_url?.return_url ?? null;
  if (returnUrl === null) return { url: null };
  return {
    url(succeeded) {
      const url = new URL(returnUrl);
      const kind = intent.object;
      url.searchParams.set(kind, intent.id);
      url.searchParams.set(`${kind}_client_secret`, intent.client_secret ?? '');
      url.searchParams.set('redirect_status', succeeded ? 'succeeded' : 'failed');
      return url.href;
    },
  };
}
