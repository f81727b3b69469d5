import { soldOut } from '#shop/board/inputs.ts';
import { forgetMenu } from '#shop/menu/menu.ts';
import { requireBar } from '#shop/board/tickets.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { answer, isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'A product or an option is gone for today at a counter, or is there again',
  input: soldOut,
  who: requireBar,
  limit: 'write',
  async act({ input, db, locals }) {
    const { location_id, sold_out, product_id, modifier_id } = input;
    const done = answer(
      await db.rpc('set_sold_out', {
        business_id: locals.business.id,
        location_id,
        sold_out,
        ...(product_id ? { product_id } : {}),
        ...(modifier_id ? { modifier_id } : {}),
      }),
    );
    forgetMenu();
    return isRefused(done) ? done : { location_id, product_id, modifier_id, sold_out };
  },
  form: { done: (_, context) => `${cameFrom(context) ?? '/board'}#sold-out` },
});
