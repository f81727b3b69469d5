import type { notices as source } from '../../en/refusals/notices.ts';

export const notices: typeof source = {};
