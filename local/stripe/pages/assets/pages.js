// Makes the forms nicer; everything works without it.

/** @param {string} id */
const input = (id) => {
  const found = document.getElementById(id);
  return found instanceof HTMLInputElement ? found : null;
};

/** @param {string} digits */
const grouped = (digits) =>
  /^3[47]/.test(digits)
    ? digits.replace(/^(\d{4})(\d{1,6})?(\d{1,5})?.*$/, (_all, a, b, c) =>
        [a, b, c].filter(Boolean).join(' '),
      )
    : (digits.match(/\d{1,4}/g) ?? []).join(' ');

const number = input('card_number');
number?.addEventListener('input', () => {
  const atEnd = number.selectionStart === number.value.length;
  if (atEnd) number.value = grouped(number.value.replace(/\D/g, '').slice(0, 19));
});

const expiry = input('card_expiry');
expiry?.addEventListener('input', (event) => {
  const deleting = event instanceof InputEvent && event.inputType.startsWith('delete');
  const digits = expiry.value.replace(/\D/g, '').slice(0, 4);
  if (!deleting && digits.length >= 2) expiry.value = `${digits.slice(0, 2)} / ${digits.slice(2)}`;
});

for (const button of document.querySelectorAll('button[name="fill"]')) {
  button.addEventListener('click', (event) => {
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const { number: card, iban } = button.dataset;
    const method = document.querySelector(`input[name="method"][value="${iban ? 'sepa_debit' : 'card'}"]`);
    if (method instanceof HTMLInputElement) method.checked = true;
    const values = iban
      ? { iban, account_name: input('account_name')?.value || 'Test Person' }
      : {
          card_number: card ?? '',
          card_expiry: '12 / 34',
          card_cvc: button.value.length === 15 ? '1234' : '123',
          card_name: input('card_name')?.value || 'Test Person',
        };
    for (const [id, value] of Object.entries(values)) {
      const field = input(id);
      if (field) field.value = value;
    }
    document.querySelector('button.primary')?.scrollIntoView({ block: 'nearest' });
  });
}

// A second press while the first is on its way would only be refused; say that it is.
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || !button.dataset['working']) return;
    button.textContent = button.dataset['working'];
    button.setAttribute('aria-disabled', 'true');
    form.addEventListener('submit', (again) => again.preventDefault());
  });
}
