/** A form of the board and the button that was pressed in it, read as taps. */
import type { Mark, Step } from '../tickets.ts';
import type { Act } from './outbox.ts';

/** Null where it is no form of a card. */
export function tapsIn(form: HTMLFormElement, button: HTMLButtonElement): Act[] | null {
  const card = form.closest<HTMLElement>('[data-ticket]');
  if (form.matches('.batch-form')) {
    const id = crypto.randomUUID();
    return button.value.split(',').map((part): Mark => {
      const [ticket_id = '', lines = ''] = part.split('=');
      return { id, ticket_id, line_ids: lines.split('+'), made: true };
    });
  }
  if (!form.matches('.ticket-form') || !card) return null;
  const [left = '', right = ''] = button.value.split(':');
  const act = { id: crypto.randomUUID(), ticket_id: card.dataset['ticket'] ?? '' };
  if (/^(un)?made$/.test(left)) return [{ ...act, line_ids: [right], made: left === 'made' }];
  return [{ ...act, from: left as Step['from'], to: right as Step['to'] }];
}
