import type { payments as source } from '../en/payments.ts';

export const payments: typeof source = {};
