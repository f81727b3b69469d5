import { pace } from '#shop/board/inputs.ts';
import { forgetMenu } from '#shop/menu/menu.ts';
import { requireBar } from '#shop/board/tickets.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { answer } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'How much a counter takes in: minutes added to every promise, and whether it takes orders',
  input: pace,
  who: requireBar,
  limit: 'write',
  async act({ input, db, locals }) {
    const done = answer(
      await db.rpc('set_counter', {
        business_id: locals.business.id,
        location_id: input.location_id,
        ...(input.delay_minutes === undefined ? {} : { delay_minutes: input.delay_minutes }),
        ...(input.takes_orders === undefined ? {} : { takes_orders: input.takes_orders }),
      }),
    );
    forgetMenu();
    return done;
  },
  form: { done: (_, context) => cameFrom(context) ?? '/board' },
});
