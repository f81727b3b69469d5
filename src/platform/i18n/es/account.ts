import type { account as source } from '../en/account.ts';

export const account: typeof source = {};
