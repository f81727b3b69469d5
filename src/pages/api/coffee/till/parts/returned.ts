import { endpoint } from '#platform/endpoint.ts';
import { backInput } from '#till/splits/inputs.ts';
import { type SplitState, giveBackPart, pageOf } from '#till/splits/splits.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary: 'A part that was taken goes back before the sale is sold',
  input: backInput,
  who: requireSeller,
  limit: 'write',
  act: ({ input, db, locals }) => giveBackPart(db, locals.business.id, input.part_id),
  form: { done: (split: SplitState) => pageOf(split) },
});
