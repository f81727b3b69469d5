import type Stripe from 'stripe';
import { lastError, paySession, usePromotionCode } from '../../checkout/paying.ts';
import { successUrl } from '../../checkout/completing.ts';
import { createPaymentMethod } from '../../customers/payment-methods.ts';
import { accountByIban } from '../../customers/cards.ts';
import { Refusal } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { backLabel, checkoutForm, needsMethod, type Shown } from './checkout-form.ts';
import { checkCardInput, readCardInput, type FieldErrors } from '../form/fields.ts';
import { methodOfCard } from '../form/typed-card.ts';
import { notice, redirect, type PageAnswer, type PageRequest } from '../layout.ts';
import { voiceFor, type Voice, type Words } from '../words/words.ts';
import { fillIn } from '../form/test-cards.ts';

type Session = Readonly<Stripe.Checkout.Session>;

/** `/c/pay/<session>`: where a customer pays. Works with forms alone. */
export function checkoutPage(world: World, request: PageRequest, id: string): PageAnswer {
  const session = world.store.checkoutSessions.get(id);
  const voice = voiceFor(session?.locale, request.languages);
  const { checkout } = voice.words;
  if (!session) return notice(voice, { title: checkout.unknownTitle, text: checkout.unknown, status: 404 });
  if (session.status === 'expired')
    return notice(voice, {
      title: checkout.expiredTitle,
      text: checkout.expired,
      link: session.cancel_url ? { url: session.cancel_url, label: backLabel(voice, session) } : null,
      status: 410,
    });
  if (session.status === 'complete') {
    if (request.method === 'POST') return redirect(successUrl(world, id));
    return notice(voice, {
      title: checkout.paidTitle,
      text: checkout.paid,
      link: { url: successUrl(world, id), label: voice.words.continue },
    });
  }
  return request.method === 'POST'
    ? submit(world, request, session, voice)
    : firstSight(world, session, voice);
}

function firstSight(world: World, session: Session, voice: Voice): PageAnswer {
  const { typed } = world.store.checkoutPlans.need(session.id);
  const customer = world.store.customers.get(session.customer as string | null);
  const reason = lastError(world, session.id);
  return checkoutForm(world, session, voice, {
    email: typed.email || customer?.email || '',
    method: 'card',
    card: { number: typed.number, expiry: typed.expiry, cvc: '', name: typed.name || customer?.name || '' },
    iban: '',
    accountName: typed.name,
    code: '',
    errors: reason === null ? new Map() : new Map([['card_number', declineText(voice.words, reason)]]),
    refused: reason !== null,
  });
}

function submit(world: World, request: PageRequest, session: Session, voice: Voice): PageAnswer {
  const { form } = request;
  if (form.has('fill')) return checkoutForm(world, session, voice, readShown(fillIn(form)));
  if (form.has('apply') || form.has('remove')) return applyCode(world, session, voice, form);
  const shown = readShown(form);
  shown.errors = check(world, session, shown, voice.words);
  if (shown.errors.size) return checkoutForm(world, session, voice, shown, 422);
  try {
    const typed = {
      email: shown.email,
      name: shown.method === 'card' ? shown.card.name : shown.accountName,
      number: shown.method === 'card' ? shown.card.number : '',
      expiry: shown.method === 'card' ? shown.card.expiry : '',
    };
    return redirect(paySession(world, session.id, typed, methodOf(world, session, shown)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reason = error.body.decline_code ?? error.body.code ?? '';
    shown.errors = new Map([
      [shown.method === 'card' ? 'card_number' : 'iban', declineText(voice.words, reason)],
    ]);
    shown.refused = true;
    return checkoutForm(world, world.store.checkoutSessions.need(session.id), voice, shown, error.status);
  }
}

function readShown(form: URLSearchParams): Shown {
  return {
    email: (form.get('email') ?? '').trim(),
    method: form.get('method') === 'sepa_debit' ? 'sepa_debit' : 'card',
    card: readCardInput(form),
    iban: (form.get('iban') ?? '').trim(),
    accountName: (form.get('account_name') ?? '').trim(),
    code: (form.get('promotion_code') ?? '').trim(),
    errors: new Map(),
    refused: false,
  };
}

function check(world: World, session: Session, shown: Shown, words: Words): FieldErrors {
  const errors: FieldErrors = new Map();
  if (shown.email === '') errors.set('email', words.errors.emailMissing);
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(shown.email)) errors.set('email', words.errors.emailInvalid);
  if (!needsMethod(session)) return errors;
  if (shown.method === 'card')
    return new Map([...errors, ...checkCardInput(shown.card, words, world.clock.now())]);
  if (!accountByIban(plainIban(shown.iban))) errors.set('iban', words.errors.ibanInvalid);
  if (shown.accountName === '') errors.set('account_name', words.errors.nameMissing);
  return errors;
}

const plainIban = (iban: string) => iban.replaceAll(/\s/g, '').toUpperCase();

function methodOf(world: World, session: Session, shown: Shown): string | null {
  if (!needsMethod(session)) return null;
  if (shown.method === 'card') return methodOfCard(world, shown.card, shown.email).id;
  return createPaymentMethod(world, {
    type: 'sepa_debit',
    sepa_debit: { iban: plainIban(shown.iban) },
    billing_details: { email: shown.email, name: shown.accountName },
  }).id;
}

function applyCode(world: World, session: Session, voice: Voice, form: URLSearchParams): PageAnswer {
  const shown = readShown(form);
  try {
    usePromotionCode(world, session.id, form.has('remove') ? '' : shown.code);
    shown.code = '';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    shown.errors = new Map([['promotion_code', voice.words.errors.codeInvalid]]);
  }
  const status = shown.errors.size ? 422 : 200;
  return checkoutForm(world, world.store.checkoutSessions.need(session.id), voice, shown, status);
}

/** The bank's reason in the visitor's language; reasons people should not be told become the general one. */
export function declineText({ declines }: Words, reason: string): string {
  if (reason.includes('authentication')) return declines.authentication;
  if (reason === 'payment_method_customer_decline') return declines.bank;
  return declines[reason as keyof Words['declines']] ?? declines.generic_decline;
}
