import { Refusal } from '../wire/errors.ts';
import { cardByNumber, passesLuhn, type TestCard } from './cards.ts';

export function cardError(code: string, message: string, param: string): Refusal {
  return new Refusal(402, { type: 'card_error', code, message, param });
}

/** Checks what a person typed, as the card network would before asking the bank. `exp_year` may have two digits. */
export function checkCard(
  card: { number: string; exp_month: number; exp_year: number; cvc?: string },
  now: number,
): { card: TestCard; exp_month: number; exp_year: number } {
  const number = card.number.replaceAll(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(number))
    throw cardError('invalid_number', 'The card number is not a valid credit card number.', 'number');
  if (!passesLuhn(number)) throw cardError('incorrect_number', 'Your card number is incorrect.', 'number');
  const known = cardByNumber(number);
  if (!known)
    throw new Refusal(402, {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'test_mode_live_card',
      param: 'number',
      message:
        'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
    });
  const year = card.exp_year < 100 ? 2000 + card.exp_year : card.exp_year;
  const today = new Date(now * 1000);
  if (!(card.exp_month >= 1 && card.exp_month <= 12))
    throw cardError('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month');
  const thisYear = today.getUTCFullYear();
  if (year < thisYear || year > thisYear + 50)
    throw cardError('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year');
  if (year === thisYear && card.exp_month < today.getUTCMonth() + 1)
    throw cardError('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month');
  if (card.cvc !== undefined && !(known.brand === 'amex' ? /^\d{3,4}$/ : /^\d{3}$/).test(card.cvc))
    throw cardError('invalid_cvc', "Your card's security code is invalid.", 'cvc');
  return { card: known, exp_month: card.exp_month, exp_year: year };
}
