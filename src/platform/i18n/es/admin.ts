import type { admin as source } from '../en/admin.ts';

export const admin: typeof source = {};
