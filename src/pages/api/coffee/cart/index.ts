/** Something from the bar, into the visitor's cart. */
import { cameFrom } from '#platform/http/answers.ts';
import { ensureCartToken } from '#platform/http/cookies.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';
import { chosenIn } from '#shop/menu/choices.ts';
import { productInput } from '#shop/ordering/inputs.ts';
import { addProduct } from '#shop/ordering/lines.ts';

export const POST = endpoint({
  summary: 'Put something from the menu in your cart; without modifier_ids it is the usual',
  input: productInput,
  limit: 'write',
  status: 201,
  message: (_, { locals: { m } }) => m.shop.added,
  form: {
    // Who adds goes on looking; the cart is one tap away.
    done: (_, context) =>
      cameFrom(context)
        ?.replace(/^.*\/api\/.*$/, '/menu')
        .replace(/^(.*\/menu)\/.*$/, '$1') ?? '/menu',
    refused: (context) => cameFrom(context)?.replace(/^.*\/api\/.*$/, '/menu') ?? '/menu',
  },
  async act({ input, context, db, locals }) {
    const chosen = input.modifier_ids ?? chosenIn(input);
    if (chosen === null) return new Refusal('modifier_not_found', 422);
    const added = await addProduct(db, locals.business.id, ensureCartToken(context.cookies), {
      slug: input.slug,
      modifier_ids: chosen,
      quantity: input.quantity,
      note: input.note,
    });
    if (!isRefused(added)) locals.forgetViewer();
    return added;
  },
});
