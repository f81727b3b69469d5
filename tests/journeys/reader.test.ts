/** The card reader at the till: registered by a manager, a card declined, the next one taken, the receipt by itself. */
import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { aTill } from '../doors/a-till.ts';
import { dashboard } from '../doors/provider.ts';
import { sql } from '../world.ts';
import { button, m, see, signInHere } from './acts.ts';
import { openWindow, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

const words = m.readers;
vi.setConfig({ testTimeout: 300_000 });

it('is registered on its page, and takes the second card after the first was declined', async () => {
  const { bar, till, manager, seller } = await aTill({ open: false });
  const office = await openWindow({ size: { width: 1180, height: 820 } });
  await visit(office, '/signin');
  await signInHere(office, manager);
  await office.waitForURL('**/account');
  await visit(office, '/admin/readers');
  const form = office.locator('form[action="/api/coffee/till/readers"]');
  const name = `Reader ${bar.location.slice(0, 8)}`;
  await form.getByLabel(words.kept.code).fill('simulated-s700');
  await form.getByLabel(words.kept.name, { exact: true }).fill(name);
  await form.getByLabel(words.kept.place).selectOption(bar.location);
  await button(office, words.kept.act).click();
  await see(office.getByRole('heading', { name: new RegExp(name) }));

  const page = await openWindow({ size: { width: 1180, height: 820 } });
  await visit(page, '/signin');
  await signInHere(page, seller);
  await page.waitForURL('**/account');
  await visit(page, `/till/${till}?line=2~${bar.bag.slug}`);
  await button(page, words.way.act).click();
  await page.waitForURL(`**/till/${till}/reader/*`);
  await see(page.getByRole('heading', { name: words.sale.waiting }));
  expect((await page.locator('[data-total]').textContent())?.trim()).toBe('€23.00');
  await button(page, words.test.declined).click();
  await see(page.getByText(words.sale.declined.insufficient_funds));
  await button(page, words.sale.again).click();
  await see(page.getByRole('heading', { name: words.sale.waiting }));
  // A card is held to the reader, and nobody touches the till.
  const [reader] = await sql<{ ref: string }>(
    'select provider_ref as ref from shop.readers where location_id = $1',
    [bar.location],
  );
  await dashboard().testHelpers.terminal.readers.presentPaymentMethod(reader?.ref ?? '', {
    type: 'card_present',
  });
  await page.waitForURL(`**/till/${till}/sold/*`);
  await see(page.getByText(m.till.sold.paid.reader).first());
});

it('is fit for everyone', async () => {
  const { bar, till, manager, seller } = await aTill({ open: false });
  const made = await manager.visitor.call('/api/coffee/till/readers', {
    location_id: bar.location,
    name: 'Bar',
    code: 'simulated-wpe',
  });
  expect(made.status).toBe(201);
  const send = async () => {
    const sale = randomUUID();
    const asked = { till_id: till, sale_id: sale, lines: [{ slug: bar.bag.slug }] };
    expect((await seller.visitor.call('/api/coffee/till/reader/sales', asked)).status).toBe(201);
    return sale;
  };
  const declined = await send();
  await seller.visitor.call('/api/coffee/till/reader/cards', { sale_id: declined, card: 'declined' });
  const over = await send();
  await seller.visitor.call('/api/coffee/till/reader/cancellations', { sale_id: over });
  const waiting = await send();
  const at = (sale: string) => `/till/${till}/reader/${sale}`;
  expect(
    await readThrough({
      scenes: [
        { name: 'reader-waiting', path: at(waiting) },
        { name: 'reader-declined', path: at(declined) },
        { name: 'reader-over', path: at(over) },
        { name: 'till-reader-taken', path: `/till/${till}?line=1~${bar.bag.slug}` },
      ],
      who: seller,
    }),
  ).toEqual([]);
  expect(
    await readThrough({ scenes: [{ name: 'admin-readers', path: '/admin/readers' }], who: manager }),
  ).toEqual([]);
});
