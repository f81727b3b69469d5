import { CARDS, SEPA_ACCOUNTS } from '../customers/cards.ts';
import type { World } from '../world.ts';
import { html } from './html.ts';
import { page, type PageAnswer, type PageRequest } from './layout.ts';
import { voiceFor } from './words/words.ts';

const EVENTS_SHOWN = 30;

/** `/`: for whoever develops against it: what cards there are and what happened lately. English only. */
export function homePage(world: World, _request: PageRequest): PageAnswer {
  const events = [];
  for (const event of world.store.events.newestFirst()) {
    if (events.length === EVENTS_SHOWN) break;
    events.push(event);
  }
  return page({
    voice: voiceFor('en', ''),
    title: 'Stripe emulator',
    body: html`<main class="wide">
      <h1>Stripe emulator</h1>
      <p>
        Stands in for Stripe on this machine. Use any expiry in the future, any CVC and one of these numbers;
        every other card is refused.
      </p>
      <table>
        <caption>
          Test cards and accounts
        </caption>
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          ${[
            ...CARDS,
            ...SEPA_ACCOUNTS.map(({ iban, does }) => ({ number: iban, does: `SEPA: ${does}` })),
          ].map(
            ({ number, does }) =>
              html`<tr>
                <td class="number">${number}</td>
                <td>${does}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <table>
        <caption>
          Latest events
        </caption>
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            <th scope="col">Type</th>
            <th scope="col">Object</th>
          </tr>
        </thead>
        <tbody>
          ${events.map(
            ({ created, type, data }) =>
              html`<tr>
                <td class="number">
                  ${new Date(created * 1000).toISOString().slice(0, 19).replace('T', ' ')}
                </td>
                <td>${type}</td>
                <td class="number">${(data.object as { id?: string }).id}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </main>`,
  });
}
