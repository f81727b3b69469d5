/** In the browser: a number that was counted is kept as soon as its field is left, so that it is held against the books of that moment. */

const said = (field: HTMLInputElement) => document.getElementById(`${field.id}-said`);
const isKept = (field: HTMLInputElement): boolean => field.dataset['sent'] === field.value.trim();

export function keepAsTyped(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-count]');
  if (!form) return;
  const fields = [...form.querySelectorAll<HTMLInputElement>('.count-number')];
  // The numbers 98 and 99 stand where the real ones go.
  const words = form.dataset['progress'] ?? '';
  const shown = form.querySelector('[data-progress-shown]');
  for (const field of fields) field.dataset['sent'] = field.value.trim();

  async function keep(): Promise<void> {
    const open = fields.filter((field) => field.value.trim() !== '' && !isKept(field));
    if (open.length === 0 || !form) return;
    const values = new Map(open.map((field) => [field, field.value.trim()]));
    const answer = await fetch(form.action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams([...values].map(([field, value]) => [field.name, value])),
    }).catch(() => null);
    const body =
      answer &&
      ((await answer.json().catch(() => null)) as { details?: { fields?: Record<string, string> } } | null);
    for (const [field, value] of values) {
      const place = said(field);
      const wrong = body?.details?.fields?.[field.name];
      if (answer?.ok) field.dataset['sent'] = value;
      field.toggleAttribute('aria-invalid', Boolean(wrong));
      if (place) {
        place.textContent = answer?.ok
          ? (form.dataset['kept'] ?? '')
          : (wrong ?? form.dataset['notKept'] ?? '');
        place.classList.toggle('field-error', !answer?.ok);
      }
    }
    const done = fields.filter((field) => field.value.trim() !== '' && isKept(field)).length;
    if (shown) shown.textContent = words.replace('98', String(done)).replace('99', String(fields.length));
  }

  form.addEventListener('change', () => void keep());
  // Enter goes to the next shelf place instead of ending the count.
  form.addEventListener('keydown', (event) => {
    const field = event.target as HTMLInputElement;
    if (event.key !== 'Enter' || !field.classList.contains('count-number')) return;
    event.preventDefault();
    (fields[fields.indexOf(field) + 1] ?? field).focus();
    void keep();
  });
}
