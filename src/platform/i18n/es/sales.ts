import type { sales as source } from '../en/sales.ts';

export const sales: typeof source = {};
