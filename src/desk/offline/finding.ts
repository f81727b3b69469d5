/** In the browser: narrows the roster to a name as it is typed, takes codes from a scanner that types them, and prints. */
import { codeIn, rows } from './rows.ts';

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

function narrow(typed: string): void {
  const nobody = document.getElementById('desk-nobody');
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const code = codeIn(typed);
  let found = 0;
  for (const row of rows()) {
    const name = plain(row.dataset['name'] ?? '');
    row.hidden = !(words.every((word) => name.includes(word)) || (code && row.dataset['code'] === code));
    if (!row.hidden) found++;
  }
  if (nobody) nobody.hidden = found > 0 || words.length === 0;
}

/** `onCode`: six characters and Enter, as a scanner types them. A name and Enter is looked for at the door. */
export function findByName(onCode: (code: string) => Promise<void>): void {
  const field = document.getElementById('desk-find') as HTMLInputElement | null;
  const form = field?.form;
  field?.addEventListener('input', () => narrow(field.value));
  form?.removeAttribute('hidden');
  form?.addEventListener('submit', (event) => {
    const code = codeIn(field?.value ?? '');
    const shown = rows().filter((row) => !row.hidden);
    // Who teaches has no door; and whoever is here and called so is shown already.
    if (!code && shown.length === 0 && form.hasAttribute('action')) return;
    event.preventDefault();
    if (!code || !field) return;
    field.value = '';
    narrow('');
    void onCode(code);
  });
  const print = document.getElementById('desk-print');
  if (print) print.hidden = false;
  print?.addEventListener('click', () => window.print());
}
