import { CARDS, SEPA_ACCOUNTS } from '../../customers/cards.ts';
import { html, type Html } from '../html.ts';
import type { Voice } from '../words/words.ts';

const grouped = (number: string) =>
  number.length === 15
    ? number.replace(/^(\d{4})(\d{6})(\d{5})$/, '$1 $2 $3')
    : (number.match(/.{1,4}/g) ?? []).join(' ');

/** The test cards as buttons of the form: with a script they fill it in, without one the page comes back filled in. */
export function testCardButtons({ words, lang }: Voice, formId: string): Html {
  const { checkout } = words;
  return html`<section class="test-cards" aria-labelledby="test-cards">
    <h2 id="test-cards">${checkout.testCards}</h2>
    <p class="hint">${checkout.testHint}</p>
    <ul>
      ${CARDS.flatMap(({ number, label }) =>
        label
          ? html`<li>
              <button
                form="${formId}"
                name="fill"
                value="${number}"
                formnovalidate
                data-number="${grouped(number)}"
                aria-label="${checkout.use(grouped(number), label[lang])}"
              >
                <span class="number">${grouped(number)}</span> <span>${label[lang]}</span>
              </button>
            </li>`
          : [],
      )}
    </ul>
  </section>`;
}

export function testAccountButtons({ words, lang }: Voice, formId: string): Html {
  const { checkout } = words;
  return html`<section class="test-cards test-accounts" aria-labelledby="test-accounts">
    <h2 id="test-accounts">${checkout.testAccounts}</h2>
    <ul>
      ${SEPA_ACCOUNTS.map(
        ({ iban, label }) =>
          html`<li>
            <button
              form="${formId}"
              name="fill"
              value="${iban}"
              formnovalidate
              data-iban="${grouped(iban)}"
              aria-label="${checkout.use(grouped(iban), label[lang])}"
            >
              <span class="number">${grouped(iban)}</span> <span>${label[lang]}</span>
            </button>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** What pressing a test card does when there is no script: everything typed stays, the card is filled in. */
export function fillIn(form: URLSearchParams): URLSearchParams {
  const filled = new URLSearchParams(form);
  const chosen = form.get('fill') ?? '';
  if (/^[A-Z]{2}/.test(chosen)) {
    filled.set('method', 'sepa_debit');
    filled.set('iban', grouped(chosen));
    if (!form.get('account_name')) filled.set('account_name', 'Test Person');
    return filled;
  }
  filled.set('method', 'card');
  filled.set('card_number', grouped(chosen));
  filled.set('card_expiry', '12 / 34');
  filled.set('card_cvc', chosen.length === 15 ? '1234' : '123');
  if (!form.get('card_name')) filled.set('card_name', 'Test Person');
  return filled;
}
