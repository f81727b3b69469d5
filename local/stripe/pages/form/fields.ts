import { Refusal } from '../../wire/errors.ts';
import { html, type Html } from '../html.ts';
import type { Voice, Words } from '../words/words.ts';
import { checkCard } from '../../customers/card-check.ts';

/** What is wrong with which field, in the visitor's words. */
export type FieldErrors = Map<string, string>;

interface Field {
  name: string;
  label: string;
  value: string;
  errors: FieldErrors;
  type?: string;
  autocomplete: string;
  inputmode?: 'numeric' | 'email' | 'text';
  placeholder?: string;
  hint?: string;
  required?: boolean;
  readonly?: boolean;
  autofocus?: boolean;
  maxlength?: number;
}

/** A label, its input, and below it what is wrong, tied together for screen readers. */
export function field(given: Field): Html {
  const { name, label, value, errors, hint, required = true } = given;
  const error = errors.get(name);
  const first = errors.keys().next().value === name;
  const described = [error !== undefined && `${name}-error`, hint !== undefined && `${name}-hint`].filter(
    Boolean,
  );
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${given.type ?? 'text'}"
      value="${value}"
      autocomplete="${given.autocomplete}"
      ${given.inputmode && html`inputmode="${given.inputmode}"`}
      ${given.placeholder && html`placeholder="${given.placeholder}"`}
      ${given.maxlength && html`maxlength="${given.maxlength}"`}
      ${described.length > 0 && html`aria-describedby="${described.join(' ')}"`}
      ${error !== undefined && html`aria-invalid="true"`}
      ${required && html`required`}
      ${given.readonly && html`readonly`}
      ${first && html`autofocus`}
    />
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
  </div>`;
}

export interface CardInput {
  number: string;
  expiry: string;
  cvc: string;
  name: string;
}

export function readCardInput(form: URLSearchParams): CardInput {
  const read = (name: string) => (form.get(name) ?? '').trim();
  return {
    number: read('card_number'),
    expiry: read('card_expiry'),
    cvc: read('card_cvc'),
    name: read('card_name'),
  };
}

export function cardFields({ words }: Voice, input: CardInput, errors: FieldErrors): Html {
  const { checkout } = words;
  return html`${field({
      name: 'card_number',
      label: checkout.cardNumber,
      value: input.number,
      errors,
      autocomplete: 'cc-number',
      inputmode: 'numeric',
      placeholder: '4242 4242 4242 4242',
      maxlength: 30,
    })}
    <div class="pair">
      ${field({
        name: 'card_expiry',
        label: checkout.expiry,
        value: input.expiry,
        errors,
        autocomplete: 'cc-exp',
        inputmode: 'numeric',
        placeholder: checkout.expiryHint,
        maxlength: 9,
      })}
      ${field({
        name: 'card_cvc',
        label: checkout.cvc,
        value: input.cvc,
        errors,
        autocomplete: 'cc-csc',
        inputmode: 'numeric',
        placeholder: '123',
        maxlength: 4,
      })}
    </div>
    ${field({
      name: 'card_name',
      label: checkout.name,
      value: input.name,
      errors,
      autocomplete: 'cc-name',
    })}`;
}

/** Finds what is wrong with a card before anyone is asked to pay with it; empty when nothing is. */
export function checkCardInput(input: CardInput, words: Words, now: number): FieldErrors {
  const errors: FieldErrors = new Map();
  const expiry = parseExpiry(input.expiry);
  if (input.number === '') errors.set('card_number', words.errors.numberMissing);
  if (!expiry) errors.set('card_expiry', words.errors.expiryInvalid);
  if (input.name === '') errors.set('card_name', words.errors.nameMissing);
  if (errors.has('card_number') && input.cvc === '') errors.set('card_cvc', words.errors.invalid_cvc);
  if (errors.has('card_number')) return errors;
  try {
    const nextYear = new Date(now * 1000).getUTCFullYear() + 1;
    const { exp_month, exp_year } = expiry ?? { exp_month: 12, exp_year: nextYear };
    checkCard({ number: input.number, cvc: input.cvc, exp_month, exp_year }, now);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const code = (error.body.decline_code ?? error.body.code ?? 'incorrect_number') as keyof Words['errors'];
    const name = { cvc: 'card_cvc', exp_month: 'card_expiry', exp_year: 'card_expiry' }[
      error.body.param ?? ''
    ];
    errors.set(name ?? 'card_number', words.errors[code] ?? error.message);
  }
  return errors;
}

export function parseExpiry(text: string): { exp_month: number; exp_year: number } | null {
  const hit = /^(\d{1,2})\s*[/.-]\s*(\d{2}|\d{4})$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text);
  return hit ? { exp_month: Number(hit[1]), exp_year: Number(hit[2]) } : null;
}
