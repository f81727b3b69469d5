import type { notices as source } from '../en/notices.ts';

export const notices: typeof source = {};
