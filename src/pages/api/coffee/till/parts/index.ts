import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { partInput, readPart } from '#till/splits/inputs.ts';
import { oneLess } from '#till/splits/shares.ts';
import { type SplitState, pageOf, takePart } from '#till/splits/splits.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary:
    'A part of an open sale: cash, card machine, wallet or gift card; the one that covers the rest sells it',
  input: partInput,
  who: requireSeller,
  limit: 'write',
  idempotent: true,
  status: 201,
  async act({ input, db, locals, key }) {
    const part = readPart(input, locals);
    return isRefused(part) ? part : takePart(db, locals.business.id, { ...part, key });
  },
  form: {
    done: (split: SplitState, { url }) => {
      const people = Number(url.searchParams.get('people'));
      return split.state === 'placed' ? oneLess(pageOf(split), people) : pageOf(split);
    },
  },
});
