import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { findCustomers, requireSeller } from '#till/tills.ts';

export const GET = endpoint({
  summary: 'Customers by name, address, number or code, for who sells',
  input: z.object({ who: z.string().trim().min(2).max(120) }),
  who: requireSeller,
  limit: 'read',
  act: ({ input, db, locals }) => findCustomers(db, locals.business.id, input.who),
});
