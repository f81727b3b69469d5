/** Sends what a till sold without a connection: in order, so many at a time, each until it was answered. */
import type { Sent } from '#site/offline/sending.ts';
import type { Store } from '#site/offline/store.ts';
import type { Kept as Answer } from '../syncing.ts';
import type { KeptSale } from './sales.ts';

/** As the door takes it (`syncInput`). */
export const bodyOf = (user: string, till: string, batch: KeptSale[]) => ({
  till_id: till,
  // Whoever else is signed in on this device by now did not sell it: the server refuses it.
  sold_by: user,
  sales: batch.map((sale) => ({
    sale_id: sale.id,
    at: sale.at,
    lines: sale.lines.map(({ product_id, modifier_ids, quantity, note, unit_cents, label }) => ({
      product_id,
      modifier_ids,
      quantity,
      note,
      unit_cents,
      label,
    })),
    serving: sale.serving,
    tip_cents: sale.tip_cents,
    pay_with: sale.pay_with,
    tendered_cents: sale.tendered_cents,
    total_cents: sale.total_cents,
    member_id: sale.member_id,
  })),
});

type Post = (body: ReturnType<typeof bodyOf>) => Promise<{ status: number; answers: Answer[] } | null>;

/** `post`: null when nothing came back. */
export async function sendSales(
  user: string,
  kept: Pick<Store<KeptSale>, 'of' | 'put' | 'drop'>,
  post: Post,
): Promise<Sent> {
  let most = 50;
  for (;;) {
    const waiting = (await kept.of(user)).filter(({ told }) => !told);
    const [first] = waiting;
    if (!first) return 'sent';
    const batch = waiting.filter(({ till }) => till === first.till).slice(0, most);
    const said = await post(bodyOf(user, first.till, batch));
    if (said && [401, 403, 409].includes(said.status)) return 'signed out';
    if (said && [400, 413, 422].includes(said.status)) {
      // One that cannot be read does not hold up the others: it is looked for, and told.
      if (batch.length === 1) await kept.put({ ...first, told: { outcome: 'sale_invalid', flags: [] } });
      most = batch.length === 1 ? 50 : 1;
      continue;
    }
    if (!said || said.status !== 200) return 'away';
    let answered = 0;
    for (const { sale_id: id, outcome, flags } of said.answers) {
      const sale = batch.find((one) => one.id === id);
      if (!sale) continue;
      answered++;
      if ((outcome === 'settled' || outcome === 'known') && flags.length === 0) await kept.drop(id);
      else await kept.put({ ...sale, told: { outcome, flags } });
    }
    if (answered === 0) return 'away';
  }
}

export const postSales: Post = async (body) => {
  const answer = await fetch('/api/coffee/till/sync', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (!answer) return null;
  const said = (await answer.json().catch(() => ({}))) as { data?: Answer[] };
  return { status: answer.status, answers: said.data ?? [] };
};
